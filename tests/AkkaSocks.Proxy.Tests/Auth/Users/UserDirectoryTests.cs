using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using CsCheck;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

[Collection(Alone.Name)]
public sealed class UserDirectoryTests
{
    private static readonly UserName Alice = UserName.FromText("alice");

    [Fact]
    public void Nodes_hold_the_same_whatever_order_and_pieces_and_repeats_their_records_came_in()
    {
        var names = Enumerable.Range(0, 12).Select(i => $"u{i}").ToArray();
        var delivery = Gen.Select(RecordGen.Of(names).Array[0, 40], Gen.Int[1, 7], Gen.Int[1, 7]);
        Gen.Select(delivery, Gen.Int[0, int.MaxValue]).Sample((sent, seed) =>
        {
            var (records, piece, otherPiece) = sent;
            var one = new UserDirectory([]);
            var other = new UserDirectory([]);
            foreach (var some in records.Chunk(piece))
                one.Merge(some);
            var shuffled = records.Concat(records.Take(5)).ToArray();
            new Random(seed).Shuffle(shuffled);
            foreach (var some in shuffled.Chunk(otherPiece))
                other.Merge(some);

            var winners = records.GroupBy(record => record.Name)
                .Select(same => same.Aggregate((a, b) => b.Supersedes(a) ? b : a))
                .ToDictionary(record => record.Name);
            return one.Digests.SequenceEqual(other.Digests)
                && one.Count == other.Count && one.Count == winners.Values.Count(record => !record.Deleted)
                && winners.Values.All(record => record.Equals(one.FindStored(record.Name)))
                && winners.Values.All(record => record.Equals(other.FindStored(record.Name)))
                && one.Merge(shuffled).IsEmpty && one.Merge(winners.Values).IsEmpty;
        });
    }

    [Fact]
    public void Digests_differ_exactly_in_the_buckets_that_differ()
    {
        var names = Enumerable.Range(0, 6).Select(i => $"u{i}").ToArray();
        var records = RecordGen.Of(names).Array[0, 12];
        Gen.Select(records, records).Sample((ours, theirs) =>
        {
            var (one, other) = (new UserDirectory([]), new UserDirectory([]));
            one.Merge(ours);
            other.Merge(theirs);
            return Enumerable.Range(0, UserKey.Buckets).All(i =>
                one.Bucket(i).Records.SequenceEqual(other.Bucket(i).Records) == (one.Digests[i] == other.Digests[i]));
        });
    }

    [Fact]
    public void A_removed_user_is_found_no_more_and_an_older_record_does_not_bring_it_back()
    {
        var users = TestUsers.Directory("alice", "bob");
        Assert.Single(users.Merge([UserRecord.Tombstone(Alice) with { Revision = 3 }]));
        Assert.Empty(users.Merge([TestUsers.Record("alice", revision: 2)]));

        Assert.Null(users.Find(Alice));
        Assert.True(users.FindStored(Alice)!.Deleted);
        Assert.Equal(1, users.Count);
        Assert.Equal(["bob"], users.All.Select(user => user.Name.ToString()));
    }

    [Fact]
    public void A_purged_tombstone_is_gone_and_nothing_else()
    {
        var users = TestUsers.Directory("alice", "bob");
        var carl = UserRecord.Tombstone(UserName.FromText("carl")) with { Revision = 7 };
        users.Merge([UserRecord.Tombstone(Alice) with { Revision = 5 }, carl]);
        users.Purge(before: 7);

        Assert.Null(users.FindStored(Alice));
        Assert.NotNull(users.FindStored(carl.Name));
        Assert.NotNull(users.Find(UserName.FromText("bob")));
        var fresh = TestUsers.Directory("bob");
        fresh.Merge([carl]);
        Assert.Equal<IEnumerable<ulong>>([.. fresh.Digests], [.. users.Digests]);
    }

    [Fact]
    public void Changes_are_told_once_they_can_be_seen_and_only_those()
    {
        var users = TestUsers.Directory("alice");
        var told = new List<string>();
        users.Changed += record => told.Add($"{record.Name} {record.Deleted} {users.Find(record.Name) is null}");
        users.Merge([TestUsers.Record("alice"), TestUsers.Record("bob")]);
        users.Merge([UserRecord.Tombstone(Alice) with { Revision = 2 }]);

        Assert.Equal(["bob False False", "alice True True"], told);
    }

    [Fact]
    public void A_fixed_user_hides_a_stored_one_and_is_in_no_digest()
    {
        var users = new UserDirectory([TestUsers.Record("alice") with { MaxSessions = 7 }]);
        var digests = users.Digests;
        Assert.All(digests, digest => Assert.Equal(0UL, digest));
        var told = 0;
        users.Changed += _ => told++;
        users.Merge([TestUsers.Record("alice", revision: 9), TestUsers.Record("bob", revision: 9)]);

        Assert.Equal((7, 2, 1), (users.Find(Alice)!.MaxSessions, users.Count, told));
        Assert.Equal(9, users.FindStored(Alice)!.Revision);
        Assert.Equal([7, null], users.All.Select(user => user.MaxSessions));
        Assert.Equal(TestUsers.Directory("x").Digests.Count(d => d != 0) + 1, users.Digests.Count(d => d != 0));
    }

    [Fact]
    public void Other_fixed_users_take_the_place_of_the_ones_before_and_who_is_the_same_keeps_its_record()
    {
        var users = new UserDirectory([TestUsers.Record("alice"), TestUsers.Record("carol")]);
        users.Merge([TestUsers.Record("alice", revision: 9) with { MaxSessions = 4 }, TestUsers.Record("dora", revision: 9)]);
        var carol = users.Find(UserName.FromText("carol"));
        var told = new List<string>();
        users.Changed += user => told.Add($"{user.Name} {user.Deleted}");

        users.ReplaceFixed([TestUsers.Record("carol"), TestUsers.Record("dora") with { MaxSessions = 5 }, TestUsers.Record("erna")]);

        Assert.Same(carol, users.Find(UserName.FromText("carol")));
        Assert.Equal(4, users.Find(Alice)!.MaxSessions);
        Assert.Equal(5, users.Find(UserName.FromText("dora"))!.MaxSessions);
        Assert.Equal((4, 4), (users.Count, users.All.Count()));
        Assert.Equal(["alice False", "dora False", "erna False"], told.Order());

        users.ReplaceFixed([]);
        Assert.Equal((2, 2), (users.Count, users.All.Count()));
        Assert.Null(users.Find(UserName.FromText("carol")));
        Assert.Equal(2, told.Count(it => it.EndsWith("True", StringComparison.Ordinal)));
    }

    [Fact]
    public void Pages_in_the_order_of_names_are_all_users_once()
    {
        var users = TestUsers.Directory([.. Enumerable.Range(0, 103).Select(i => $"u{i}")]);
        users.Merge([UserRecord.Tombstone(UserName.FromText("u50")) with { Revision = 2 }]);
        var names = new List<string>();
        for (UserName? after = null; users.Page(after, 10) is { IsEmpty: false } page; after = page[^1].Name)
        {
            Assert.InRange(page.Length, 1, 10);
            names.AddRange(page.Select(user => user.Name.ToString()));
        }

        Assert.Equal(users.All.Select(user => user.Name.ToString()), names);
        Assert.Equal(102, names.Count);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void A_bucket_can_be_read_from_behind_any_name()
    {
        var users = TestUsers.Directory([.. Enumerable.Range(0, 2000).Select(i => $"u{i}")]);
        var bucket = users.Bucket(17);
        var all = bucket.Records.Select(record => record.Name).ToArray();
        Assert.InRange(all.Length, 2, 30);
        for (var i = 0; i < all.Length; i++)
            Assert.Equal(all[(i + 1)..], bucket.After(all[i]).Select(entry => entry.Record.Name));
        Assert.Equal(all, bucket.After(null).Select(entry => entry.Record.Name));
        Assert.All(all, name => Assert.Equal(17, UserKey.BucketOf(UserKey.Of(name))));
    }

    [Fact]
    public void Names_are_spread_evenly_over_the_buckets()
    {
        var counts = TestUsers.Many(25_600).CountBy(user => UserKey.BucketOf(UserKey.Of(user.Name))).ToArray();
        Assert.Equal(UserKey.Buckets, counts.Length);
        Assert.All(counts, count => Assert.InRange(count.Value, 50, 150));
    }

    [Fact]
    public void Where_a_name_stands_never_changes_since_nodes_of_all_versions_must_agree()
    {
        Assert.Equal(0xEFD01F60BA992926, UserKey.Of(default));
        Assert.Equal(UserKey.Of(Alice), UserKey.Of(UserName.FromText("alice")));
    }

    [Fact]
    public void A_hundred_thousand_users_take_at_most_80_MB()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var users = new UserDirectory([]);
        users.Merge(TestUsers.Many(100_000));
        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.Equal(100_000, users.Count);
        Assert.InRange(taken, 0, 80_000_000);
    }

    [Fact]
    public async Task Readers_see_every_user_while_others_change()
    {
        var users = TestUsers.Directory([.. Enumerable.Range(0, 500).Select(i => $"u{i}")]);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var missed = 0;
            while (!done.IsCancellationRequested)
                missed += Enumerable.Range(0, 500).Count(i => users.Find(UserName.FromText($"u{i}")) is null);
            return missed;
        });
        Parallel.For(0, 4, part =>
        {
            for (var i = 0; i < 5000; i++)
                users.Merge([TestUsers.Record($"u{i % 600}", revision: i, writer: $"{part}")]);
        });
        await done.CancelAsync();

        Assert.Equal(0, await reader);
        Assert.Equal(600, users.Count);
    }
}
