using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>All nodes are restarted one after the other, as an upgrade does, while clients come and go.</summary>
[Collection(Alone.Name)]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int LoginsPerSecond = 20, Sessions = 50;


    [Fact]
    public Task A_rolling_restart_resets_nobody_before_the_deadline_and_fails_no_new_client() => Restart(3);

    [LongFact, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public Task The_same_with_a_drain_of_a_minute() => Restart(60);

    private async Task Restart(int drainSeconds)
    {
        var drain = TimeSpan.FromSeconds(drainSeconds);
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(3, $"akkasocks.cluster.drain-timeout = {drainSeconds}s");
        await cluster.AddUserAsync(User.Name, 100_000);
        var live = new ConcurrentDictionary<ClusterNode, int>(cluster.Nodes.ToDictionary(node => node, _ => 0));
        var opening = new ConcurrentDictionary<ClusterNode, int>(live);
        using var over = new CancellationTokenSource();
        var clients = Pace.RunAsync(LoginsPerSecond, i => UseAsync(i, live, opening, origin), over.Token);
        foreach (var node in cluster.Nodes)
        {
            var sessions = await TalkingSession.OpenAsync(Sessions, node, origin.Endpoint);

            // A load balancer knows before the node does, and whoever it has sent there has his tunnel by then.
            live.Remove(node, out _);
            await Eventually.TrueAsync(() => opening[node] == 0, () => "the last ones to be let in");
            var began = Stopwatch.GetTimestamp();
            await cluster.Nodes.First(other => other != node).DrainAsync(node);
            await Eventually.TrueAsync(() => node.Ask("/readyz") is null, () => "not to be ready");

            // Who comes all the same is turned away by the kernel, and knows to go elsewhere.
            await Eventually.TrueAsync(async () => await IsRefusedAsync(node), "to take nobody any more");
            var left = await node.End.WaitAsync(drain + TimeSpan.FromMinutes(1));
            var shortest = sessions.Min(session => Stopwatch.GetElapsedTime(began, session.EndedAt));
            output.WriteLine($"{node.Name}: its {Sessions} sessions ran on for {shortest.TotalSeconds:F2} s at least; it ended with {left.ExitCode}"
                + $" {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s after it was told to drain");
            Assert.InRange(shortest, drain, TimeSpan.MaxValue);
            Assert.Equal(0, left.ExitCode);
            await node.StartAsync();
            await cluster.UpAsync(3);
            await Eventually.TrueAsync(() => node.Ask("/readyz") is not null, () => "to be ready");
            live[node] = 0;
        }

        await over.CancelAsync();
        output.WriteLine($"{await clients} clients came meanwhile, none failed");
        await cluster.CountsAsync(User.Name, 0);
    }

    private static async Task<bool> IsRefusedAsync(ClusterNode node)
    {
        try
        {
            (await node.ConnectAsync()).Dispose();
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static async Task UseAsync(
        int number, ConcurrentDictionary<ClusterNode, int> live, ConcurrentDictionary<ClusterNode, int> opening, Origin origin)
    {
        var nodes = live.Keys;
        var node = nodes.ElementAt(number % nodes.Count);
        opening.AddOrUpdate(node, 1, (_, count) => count + 1);
        using var session = await TalkingSession.OpenAsync(node, origin.Endpoint);
        opening.AddOrUpdate(node, 0, (_, count) => count - 1);
        await session.StopAsync();
    }
}
