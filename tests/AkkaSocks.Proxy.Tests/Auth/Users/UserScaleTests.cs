using System.Diagnostics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Tests.Auth.Users.Storing;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

/// <summary>What a million users cost: the figures are the test's output.</summary>
[Collection(Alone.Name)]
public sealed class UserScaleTests(ITestOutputHelper output) : IDisposable
{
    private const int Million = 1_000_000;
    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [LongFact, Trait(LongFactAttribute.TraitName, LongFactAttribute.TraitValue)]
    public async Task A_million_users_are_stored_loaded_found_listed_and_replicated()
    {
        using (var table = SqliteUserTable.Open(_temp["a"]))
            Say("written to disk", () => TestUsers.Many(Million).Chunk(1024).Sum(some => table.Write(some).Count));
        output.WriteLine($"users.db: {new FileInfo(_temp["a/users.db"]).Length / 1e6:F0} MB");

        var users = new UserDirectory([]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using (var table = SqliteUserTable.Open(_temp["a"]))
            Assert.Equal(Million, Say("loaded", () => users.Merge(table.ReadAll()).Length));
        output.WriteLine($"memory: {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:F0} MB");

        var names = Enumerable.Range(0, Million).Select(i => UserName.FromText($"user-{(i * 7919L) % Million:D7}")).ToArray();
        Assert.Equal(Million, Say("found one by one", () => names.Count(name => users.Find(name) is not null)));
        Say("a page of 100 by name", () => users.Page(names[Million / 2], 100).Length);
        Say("1000 changes", () => Enumerable.Range(0, 1000)
            .Sum(i => users.Merge([TestUsers.Record($"user-{i:D7}", revision: HybridClock.MaxRevision)]).Length));

        await using var a = await UserNode.StartAsync("a", _temp["a"]);
        await using var b = await UserNode.StartAsync("b", _temp["b"], a);
        var since = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => b.HasSameUsersAs(a), "all users", TimeSpan.FromMinutes(2));
        output.WriteLine($"a fresh node complete: {Stopwatch.GetElapsedTime(since).TotalSeconds:F2} s");
        Assert.Equal(Million, b.Users.Count);
    }

    private int Say(string what, Func<int> work)
    {
        var since = Stopwatch.GetTimestamp();
        var count = work();
        output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(since).TotalSeconds:F3} s");
        return count;
    }
}
