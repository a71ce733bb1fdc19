using System.Diagnostics;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>A node dies, or stands still for a while: what the others and their clients notice.</summary>
[Collection(Alone.Name)]
public sealed class NodeDeathTests(ITestOutputHelper output)
{
    private const int Sessions = 300, LoginsPerSecond = 20;
    private static readonly TimeSpan TrueAgainWithin = TimeSpan.FromSeconds(15), TrueAfterStandingStill = TimeSpan.FromSeconds(5);

    // Owned by different nodes, so that the dead one is asked as well.
    private static readonly string[] Others = [.. Enumerable.Range(0, 9).Select(i => $"user{i}")];

    [NeedsToolFact("ss")]
    public async Task Of_three_nodes_one_is_killed_and_the_others_lose_no_byte_fail_no_login_and_count_right()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(3);
        await cluster.AddUserAsync(User.Name, 10 * Sessions);
        foreach (var user in Others)
            await cluster.AddUserAsync(user, 100);
        var sessions = await SessionsAsync(cluster, origin, Sessions);
        await cluster.CountsAreTrueAsync(User.Name);

        await cluster.Nodes[2].KillAsync();
        var killed = Stopwatch.GetTimestamp();
        using var over = new CancellationTokenSource();
        var logins = LogInAsync([.. cluster.Running], origin, over.Token);
        await cluster.CountsAsync(User.Name, 2 * Sessions);
        var took = Stopwatch.GetElapsedTime(killed);
        await cluster.UpAsync(2);
        await over.CancelAsync();
        var (count, slowest) = await logins;
        await cluster.CountsAreTrueAsync(User.Name);
        output.WriteLine($"counts equal the truth after {took.TotalSeconds:F1} s; {count} logins meanwhile, the slowest {slowest.TotalMilliseconds:F0} ms");
        Assert.InRange(took, TimeSpan.Zero, TrueAgainWithin);
        await Task.WhenAll(sessions.Take(2 * Sessions).Select(session => session.StopAsync()));
        sessions.ForEach(session => session.Dispose());
    }

    [LongFact("ss"), Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task A_node_that_stands_still_for_eight_seconds_is_forgiven_and_counts_right()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(3);
        await cluster.AddUserAsync(User.Name, 10 * Sessions);
        var sessions = await SessionsAsync(cluster, origin, 30);
        var before = Addresses(cluster);

        var still = cluster.Nodes[2];
        still.Signal(AkkaSocksProcess.SigStop);
        var stopped = Stopwatch.GetTimestamp();

        // What it must learn of later, and what is its own.
        foreach (var session in sessions.Where((_, i) => i % 3 == 0).ToList())
        {
            session.Dispose();
            sessions.Remove(session);
        }

        sessions.AddRange(await TalkingSession.OpenAsync(5, cluster.Nodes[0], origin.Endpoint));
        await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(stopped) >= TimeSpan.FromSeconds(8), () => "8 s to pass");
        still.Signal(AkkaSocksProcess.SigCont);
        var took = await cluster.CountsAreTrueAsync(User.Name);
        await cluster.UpAsync(3);
        output.WriteLine($"counts equal the truth {took.TotalSeconds:F1} s after it went on");
        Assert.InRange(took, TimeSpan.Zero, TrueAfterStandingStill);
        Assert.Equal(before, Addresses(cluster));
        Assert.All(cluster.Nodes, node => Assert.True(node.IsRunning));
        await Task.WhenAll(sessions.Select(session => session.StopAsync()));
    }

    private static async Task<List<TalkingSession>> SessionsAsync(NodeCluster cluster, Origin origin, int each)
    {
        var sessions = new List<TalkingSession>();
        foreach (var node in cluster.Nodes)
            sessions.AddRange(await TalkingSession.OpenAsync(each, node, origin.Endpoint));
        return sessions;
    }

    private static List<string?> Addresses(NodeCluster cluster) =>
        [.. ClusterNode.Items(cluster.Nodes[0].Ask("/v1/nodes")!.Value).Select(node => node.GetProperty("address").GetString())];

    /// <summary>Logs in all the time; a login that fails fails the test.</summary>
    private static async Task<(int Count, TimeSpan Slowest)> LogInAsync(ClusterNode[] nodes, Origin origin, CancellationToken over)
    {
        var slowest = TimeSpan.Zero;
        var count = await Pace.RunAsync(
            LoginsPerSecond,
            async i =>
            {
                var since = Stopwatch.GetTimestamp();
                var (client, reply) = await nodes[i % nodes.Length].OpenAsync(origin.Endpoint, Others[i % Others.Length]);
                var took = Stopwatch.GetElapsedTime(since);
                client.Dispose();
                Assert.Equal(0, reply);
                lock (Others)
                    slowest = took > slowest ? took : slowest;
            },
            over);
        return (count, slowest);
    }
}
