using System.Diagnostics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Tests.Auth.Users.Storing;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

/// <summary>Several nodes in this process, over real remoting.</summary>
[Collection(Alone.Name)]
public sealed class UserReplicationTests(ITestOutputHelper output) : IDisposable
{
    private static readonly UserName Alice = UserName.FromText("alice");
    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_change_is_on_every_node_within_200_ms()
    {
        await using var a = await UserNode.StartAsync("a", _temp["a"]);
        await using var b = await UserNode.StartAsync("b", _temp["b"], a);
        await using var c = await UserNode.StartAsync("c", _temp["c"], b);
        await a.PutAsync(TestUsers.Record("first"));
        await Eventually.TrueAsync(() => b.HasSameUsersAs(a) && c.HasSameUsersAs(a), "the first user everywhere");

        var times = new List<double>();
        for (var i = 0; i < 21; i++)
        {
            var name = UserName.FromText($"u{i}");
            var since = Stopwatch.GetTimestamp();
            Assert.IsType<UserStoreActor.UserSaved>(await b.PutAsync(TestUsers.Record($"u{i}")));
            await Eventually.TrueAsync(
                () => a.Users.Find(name) is not null && c.Users.Find(name) is not null, "the user everywhere");
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        times.Sort();
        output.WriteLine($"Everywhere after {times[10]:F1} ms (median), {times[^1]:F1} ms (longest).");
        Assert.InRange(times[10], 0, 200);
    }

    [Fact]
    public async Task A_fresh_node_has_a_hundred_thousand_users_within_5_s()
    {
        using (var table = SqliteUserTable.Open(_temp["a"]))
            table.Write([.. TestUsers.Many(100_000)]);
        await using var a = await UserNode.StartAsync("a", _temp["a"]);
        Assert.Equal(100_000, a.Users.Count);
        await using var b = await UserNode.StartAsync("b", _temp["b"], a);

        var since = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => b.HasSameUsersAs(a), "all users");
        var taken = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"Complete {taken.TotalSeconds:F2} s after it was up.");
        Assert.Equal(100_000, b.Users.Count);
        Assert.InRange(taken, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_user_removed_while_a_node_was_down_stays_removed_when_it_comes_back_with_its_old_disk()
    {
        await using var a = await UserNode.StartAsync("a", _temp["a"]);
        await using (var b = await UserNode.StartAsync("b", _temp["b"], a))
        {
            await a.PutAsync(TestUsers.Record("alice"));
            await b.PutAsync(TestUsers.Record("bob"));
            await Eventually.TrueAsync(() => a.Users.Count == 2 && b.Users.Count == 2, "both users on both nodes");
        }

        Assert.True(Assert.IsType<UserStoreActor.UserSaved>(await a.RemoveAsync("alice")).User.Deleted);
        using (var old = SqliteUserTable.Open(_temp["b"]))
            Assert.Contains(old.ReadAll(), user => user.Name == Alice && !user.Deleted);

        await using var again = await UserNode.StartAsync("b", _temp["b"], a);
        await Eventually.TrueAsync(() => again.HasSameUsersAs(a), "the nodes to agree");
        Assert.Equal((null, null), (a.Users.Find(Alice), again.Users.Find(Alice)));
        Assert.Equal((1, 1), (a.Users.Count, again.Users.Count));
    }

    [Fact]
    public async Task What_was_fetched_from_others_is_on_the_own_disk_too()
    {
        await using var a = await UserNode.StartAsync("a", _temp["a"]);
        await a.PutAsync(TestUsers.Record("alice"));
        await a.PutAsync(TestUsers.Record("bob"));
        await a.RemoveAsync("bob");
        await using (var b = await UserNode.StartAsync("b", _temp["b"], a))
            await Eventually.TrueAsync(() => b.HasSameUsersAs(a), "the nodes to agree");

        using var disk = SqliteUserTable.Open(_temp["b"]);
        Assert.Equal(
            [("alice", false), ("bob", true)], disk.ReadAll().Select(user => (user.Name.ToString(), user.Deleted)).Order());
    }

    [Fact]
    public async Task After_a_partition_both_sides_have_the_changes_of_both_and_of_one_user_the_later()
    {
        await using var a = await UserNode.StartAsync("a", _temp["a"]);
        await using var b = await UserNode.StartAsync("b", _temp["b"], a);
        await a.PutAsync(TestUsers.Record("alice"));
        await a.PutAsync(TestUsers.Record("bob"));
        await Eventually.TrueAsync(() => b.HasSameUsersAs(a) && a.SeesOthers(reachable: true), "the nodes to agree");

        a.Link.Cut();
        b.Link.Cut();
        await Eventually.TrueAsync(
            () => a.SeesOthers(reachable: false) && b.SeesOthers(reachable: false), "the nodes to miss each other");
        await a.PutAsync(TestUsers.Record("only-a"));
        await a.PutAsync(TestUsers.Record("alice") with { MaxSessions = 1 });
        await a.RemoveAsync("bob");
        await b.PutAsync(TestUsers.Record("only-b"));
        await b.PutAsync(TestUsers.Record("alice") with { MaxSessions = 2 });
        Assert.Equal((1, 2), (a.Users.Find(Alice)!.MaxSessions, b.Users.Find(Alice)!.MaxSessions));

        a.Link.Heal();
        b.Link.Heal();
        await Eventually.TrueAsync(() => b.HasSameUsersAs(a), "the nodes to agree again");
        Assert.Equal(["alice", "only-a", "only-b"], a.Users.All.Select(user => user.Name.ToString()));
        Assert.Equal(["alice", "only-a", "only-b"], b.Users.All.Select(user => user.Name.ToString()));
        Assert.Equal(2, a.Users.Find(Alice)!.MaxSessions);
    }

    [Fact]
    public async Task Large_users_are_fetched_in_pages_that_remoting_carries()
    {
        await using var a = await UserNode.StartAsync("a", _temp["a"]);
        var large = new string('x', UserLimits.MaxRecordBytes - 300);

        // All in one bucket, whose users come in as few pages as may be.
        var names = Enumerable.Range(0, int.MaxValue).Select(i => $"u{i}")
            .Where(name => UserKey.BucketOf(UserKey.Of(UserName.FromText(name))) == 0).Take(70);
        foreach (var name in names)
            Assert.IsType<UserStoreActor.UserSaved>(await a.PutAsync(TestUsers.Record(name) with { Groups = [large] }));
        await using var b = await UserNode.StartAsync("b", _temp["b"], a);
        await Eventually.TrueAsync(() => b.HasSameUsersAs(a), "all users");
        Assert.Equal(70, b.Users.Count);
    }
}
