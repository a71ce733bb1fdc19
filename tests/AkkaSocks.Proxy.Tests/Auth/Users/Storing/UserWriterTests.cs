using System.Collections.Concurrent;
using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users.Storing;

public sealed class UserWriterTests : IDisposable
{
    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Orders_that_pile_up_are_written_together_and_answered_in_order()
    {
        var table = new HeldTable();
        using var writer = new UserWriter(table, maxWaiting: 100);
        var first = Write(writer, TestUsers.Record("first"));
        await table.Entered.Task.InTime();
        var answers = new ConcurrentQueue<long>();
        for (var i = 1; i <= 50; i++)
            Assert.True(writer.TryWrite([TestUsers.Record("u", revision: i)], done => answers.Enqueue(done.Stored[0].Revision)));
        table.Release.SetResult();

        await first.InTime();
        await Eventually.TrueAsync(() => answers.Count == 50, "all answers");
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), answers);
        Assert.Equal([1, 50], table.Transactions);
    }

    [Fact]
    public async Task More_orders_than_may_wait_are_refused()
    {
        var table = new HeldTable();
        using var writer = new UserWriter(table, maxWaiting: 2);
        _ = Write(writer, TestUsers.Record("first"));
        await table.Entered.Task.InTime();

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => writer.TryWrite([TestUsers.Record("u")], _ => { })));
        table.Release.SetResult();
    }

    [Fact]
    public void What_waits_is_written_before_it_closes_and_nothing_is_taken_after()
    {
        var writer = new UserWriter(SqliteUserTable.Open(_temp.Path), maxWaiting: 1000);
        var written = 0;
        for (var i = 0; i < 500; i++)
            Assert.True(writer.TryWrite([TestUsers.Record($"u{i}")], _ => written++));
        writer.Dispose();

        Assert.Equal(500, written);
        Assert.False(writer.TryWrite([TestUsers.Record("late")], _ => { }));
        using var again = SqliteUserTable.Open(_temp.Path);
        Assert.Equal(500, again.ReadAll().Count);
    }

    [FullDiskFact]
    public async Task On_a_full_disk_a_change_is_refused_and_what_was_stored_stays_until_there_is_space_again()
    {
        using var disk = new FullDisk(kilobytes: 512);
        using (var writer = new UserWriter(SqliteUserTable.Open(disk.Path), maxWaiting: 10))
        {
            Assert.Null((await Write(writer, [.. TestUsers.Many(200)]).InTime()).Problem);
            disk.Fill();
            var refused = await Write(writer, [.. TestUsers.Many(1000).Skip(200)]).InTime();
            Assert.Equal("there is no space left on its disk", refused.Problem);
            Assert.Empty(refused.Stored);

            disk.Free();
            Assert.Null((await Write(writer, TestUsers.Record("after")).InTime()).Problem);
        }

        using var again = SqliteUserTable.Open(disk.Path);
        Assert.Equal(201, again.ReadAll().Count);
    }

    [FullDiskFact]
    public async Task A_node_started_on_a_disk_that_can_only_be_read_knows_its_users_and_refuses_changes()
    {
        using var disk = new FullDisk(kilobytes: 512);
        using (var writer = new UserWriter(SqliteUserTable.Open(disk.Path), maxWaiting: 10))
            await Write(writer, [.. TestUsers.Many(50)]).InTime();

        disk.Remount("ro");
        var table = SqliteUserTable.Open(disk.Path);
        Assert.Equal(50, table.ReadAll().Count);
        using (var writer = new UserWriter(table, maxWaiting: 10))
            Assert.Equal("it could only be opened to be read", (await Write(writer, TestUsers.Record("late")).InTime()).Problem);

        disk.Remount("rw");
        using var again = SqliteUserTable.Open(disk.Path);
        Assert.Equal(50, again.ReadAll().Count);
    }

    [FullDiskFact]
    public async Task A_node_started_on_a_full_disk_knows_its_users()
    {
        using var disk = new FullDisk(kilobytes: 512);
        using (var writer = new UserWriter(SqliteUserTable.Open(disk.Path), maxWaiting: 10))
            await Write(writer, [.. TestUsers.Many(50)]).InTime();

        disk.Fill();
        using var table = SqliteUserTable.Open(disk.Path);
        Assert.Equal(50, table.ReadAll().Count);
    }

    private static Task<UserWriter.Outcome> Write(UserWriter writer, params ImmutableArray<UserRecord> users)
    {
        var done = new TaskCompletionSource<UserWriter.Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(writer.TryWrite(users, done.SetResult));
        return done.Task;
    }

    /// <summary>Holds the first transaction until it is released.</summary>
    private sealed class HeldTable : IUserTable
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new();

        public List<int> Transactions { get; } = [];

        public IReadOnlyList<UserRecord> Write(IReadOnlyList<UserRecord> users)
        {
            Transactions.Add(users.Count);
            Entered.TrySetResult();
            Release.Task.Wait();
            return users;
        }

        public void Purge(long before)
        {
        }

        public void Dispose()
        {
        }
    }
}
