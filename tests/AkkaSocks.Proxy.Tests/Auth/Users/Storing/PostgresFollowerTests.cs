using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.Proxy.Tests.Auth.Users.Storing;

/// <summary>The shared table and what follows it, against a server.</summary>
public sealed class PostgresFollowerTests(PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    private static readonly UserName Alice = UserName.FromText("alice");

    [PostgresFact]
    public async Task What_one_node_writes_the_others_know_within_200_ms()
    {
        var database = server.Create();
        using var a = new Node(database);
        using var b = new Node(database);
        var times = new List<double>();
        for (var i = 1; i <= 21; i++)
        {
            var user = TestUsers.Record("alice", revision: i) with
            {
                Enabled = i % 2 == 0, MaxSessions = i, Groups = ["b", "a"],
                ExpiresAt = DateTimeOffset.UnixEpoch.AddMilliseconds(i),
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("Ä\"", "'; DROP TABLE akkasocks_users; --"),
            };
            var since = Stopwatch.GetTimestamp();
            Assert.Equal(user, Assert.Single(a.Table.Write([user])));
            await Eventually.TrueAsync(
                () => user.Equals(b.Users.Find(Alice)) && user.Equals(a.Users.Find(Alice)), "the change on both nodes");
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        times.Sort();
        output.WriteLine($"Known after {times[10]:F1} ms (median), {times[^1]:F1} ms (longest).");
        Assert.InRange(times[10], 0, 200);
    }

    [PostgresFact]
    public async Task Rows_changed_by_hand_are_followed_with_rising_revisions()
    {
        var database = server.Create();
        using var node = new Node(database);
        var told = new ConcurrentQueue<(bool Deleted, long Revision)>();
        node.Users.Changed += user => told.Enqueue((user.Deleted, user.Revision));

        PostgresServer.Execute(database, """INSERT INTO akkasocks_users (name, password, labels) VALUES ('alice', '', '{"n": 1}')""");
        await Eventually.TrueAsync(() => told.Count == 1, "the new user");
        Assert.Equal("1", node.Users.Find(Alice)!.Labels["n"]);
        PostgresServer.Execute(database, "UPDATE akkasocks_users SET enabled = false");
        await Eventually.TrueAsync(() => told.Count == 2, "the changed user");
        Assert.False(node.Users.Find(Alice)!.Enabled);
        PostgresServer.Execute(database, "DELETE FROM akkasocks_users");
        await Eventually.TrueAsync(() => told.Count == 3, "the removed user");
        Assert.Null(node.Users.Find(Alice));
        PostgresServer.Execute(database, "INSERT INTO akkasocks_users (name, password, revision) VALUES ('alice', '', 7)");
        await Eventually.TrueAsync(() => node.Users.Count == 1, "the user with an old revision");
        PostgresServer.Execute(database, "TRUNCATE akkasocks_users");
        await Eventually.TrueAsync(() => node.Users.Count == 0, "the empty table");

        Assert.Equal([false, false, true, false, true], told.Select(it => it.Deleted));
        Assert.Equal(told.Take(3).Select(it => it.Revision).Order().Distinct(), told.Take(3).Select(it => it.Revision));
    }

    [PostgresFact]
    public void A_write_over_a_newer_row_gets_a_revision_above_it()
    {
        using var node = new Node(server.Create());
        node.Table.Write([TestUsers.Record("alice", revision: 1L << 61)]);
        var stored = Assert.Single(node.Table.Write([TestUsers.Record("alice", revision: 5)]));
        Assert.Equal((1L << 61) + 1, stored.Revision);
    }

    [PostgresFact]
    public void A_transaction_that_fails_stores_nothing_and_the_next_one_works()
    {
        using var node = new Node(server.Create());
        Assert.Throws<UserStoreException>(() => node.Table.Write([TestUsers.Record("alice"), TestUsers.Record("")]));
        Assert.Null(node.Users.Find(Alice));
        node.Table.Write([TestUsers.Record("alice")]);
    }

    [PostgresFact]
    public async Task Purged_tombstones_are_forgotten_in_memory_too()
    {
        using var node = new Node(server.Create());
        var bob = UserRecord.Tombstone(UserName.FromText("bob")) with { Revision = 6 };
        node.Table.Write([UserRecord.Tombstone(Alice) with { Revision = 5 }, bob]);
        await Eventually.TrueAsync(() => node.Users.FindStored(Alice) is not null, "the tombstone");
        node.Table.Purge(before: 6);
        await Eventually.TrueAsync(() => node.Users.FindStored(Alice) is null, "the tombstone to go");
        Assert.NotNull(node.Users.FindStored(bob.Name));
    }

    [PostgresFact]
    public async Task While_the_database_is_away_users_stay_and_changes_fail_and_when_it_is_back_all_is_read_anew()
    {
        var database = server.Create();
        using var node = new Node(database);
        node.Table.Write([TestUsers.Record("alice"), TestUsers.Record("bob")]);
        await Eventually.TrueAsync(() => node.Users.Count == 2, "both users");
        Assert.Null(node.Follower.Stale);

        server.Stop();
        try
        {
            await Eventually.TrueAsync(() => node.Follower.Stale is not null, "the loss to be noticed");
            Assert.Equal(2, node.Users.Count);
            var refused = Assert.Throws<UserStoreException>(() => node.Table.Write([TestUsers.Record("carl")]));
            Assert.Equal("the database does not answer", refused.Reason);
        }
        finally
        {
            server.Start();
        }

        PostgresServer.Execute(
            database, "DELETE FROM akkasocks_users WHERE name = 'bob'; UPDATE akkasocks_users SET max_sessions = 9");
        await Eventually.TrueAsync(() => node.Users.Find(Alice)!.MaxSessions == 9 && node.Users.Count == 1, "what was missed");
        await Eventually.TrueAsync(() => node.Follower.Stale is null, "the end of staleness");
        node.Table.Write([TestUsers.Record("carl")]);
    }

    [PostgresFact]
    public async Task A_hundred_thousand_users_that_come_at_once_are_all_known()
    {
        using var node = new Node(server.Create());
        foreach (var some in TestUsers.Many(100_000).Chunk(5000))
            node.Table.Write(some);
        await Eventually.TrueAsync(() => node.Users.Count == 100_000, "all users");
    }

    [PostgresFact]
    public async Task Nodes_that_start_at_once_make_one_table()
    {
        var database = server.Create();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new Node(database)))).InTime();
        nodes[0].Table.Write([TestUsers.Record("alice")]);
        await Eventually.TrueAsync(() => nodes.All(node => node.Users.Count == 1), "the user everywhere");
        foreach (var node in nodes)
            node.Dispose();
    }

    [PostgresFact]
    public async Task A_table_of_the_first_version_is_brought_up_to_date_and_its_users_may_use_every_command()
    {
        var database = server.Create();
        new Node(database).Dispose();
        PostgresServer.Execute(database, """
            ALTER TABLE akkasocks_users DROP COLUMN commands;
            UPDATE akkasocks_schema SET version = 1;
            INSERT INTO akkasocks_users (name, password, max_sessions, revision) VALUES ('alice', '$x', 4, 7);
            """);

        using var node = new Node(database);
        await Eventually.TrueAsync(() => node.Users.Find(Alice) is not null, "the user of before");
        var alice = node.Users.Find(Alice)!;
        Assert.Equal((4, 7L, null), (alice.MaxSessions, alice.Revision, alice.Commands));
        node.Table.Write([alice with { Commands = CommandSet.UdpAssociate, Revision = 8 }]);
        using var another = new Node(database);
        await Eventually.TrueAsync(
            () => node.Users.Find(Alice)!.Revision == 8 && another.Users.Find(Alice)?.Revision == 8, "the change on both nodes");
        Assert.All([node, another], it => Assert.Equal(CommandSet.UdpAssociate, it.Users.Find(Alice)!.Commands));
    }

    [PostgresFact]
    public void A_table_of_a_newer_version_is_refused()
    {
        var database = server.Create();
        new Node(database).Dispose();
        PostgresServer.Execute(database, "UPDATE akkasocks_schema SET version = 99");
        var refused = Assert.Throws<UserStoreException>(() => new Node(database));
        Assert.Equal("its version is 99, and this akkasocks knows 2; run a newer one", refused.Reason);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=d;Password=hunter2", "d on 127.0.0.1: the database does not answer")]
    [InlineData("Pasword=hunter2", "of auth.store.postgres.connection: Npgsql does not understand the connection")]
    public void A_database_that_cannot_be_had_is_refused_by_its_name_without_its_password(string connection, string message) =>
        Assert.Equal(
            $"the user store {message}", Assert.Throws<UserStoreException>(() => PostgresUserTable.Open(connection)).Message);

    [LongFact, Trait(LongFactAttribute.TraitName, LongFactAttribute.TraitValue)]
    public async Task A_database_that_falls_silent_is_noticed_within_20_s()
    {
        if (PostgresServer.Missing is not null)
            return;
        using var node = new Node(server.Create());
        node.Table.Write([TestUsers.Record("alice")]);
        await Eventually.TrueAsync(() => node.Users.Count == 1, "the user");
        var since = Stopwatch.GetTimestamp();
        server.Freeze();
        try
        {
            await Eventually.TrueAsync(() => node.Follower.Stale is not null, "the silence to be noticed");
        }
        finally
        {
            server.Thaw();
        }

        output.WriteLine($"Noticed after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s.");
        Assert.Equal(1, node.Users.Count);
        await Eventually.TrueAsync(() => node.Follower.Stale is null, "the end of staleness");
    }

    private sealed class Node : IDisposable
    {
        public Node(string connection)
        {
            Table = PostgresUserTable.Open(connection);
            Follower = PostgresFollower.Start(Table, Users, TimeProvider.System);
        }

        public UserDirectory Users { get; } = new([]);

        public PostgresUserTable Table { get; }

        public PostgresFollower Follower { get; }

        public void Dispose()
        {
            Follower.Dispose();
            Table.Dispose();
        }
    }
}
