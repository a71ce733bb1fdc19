using System.Diagnostics;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Proxy.Tests.Clustering;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Clusters of exactly two nodes.</summary>
[Collection(Alone.Name)]
public sealed class PairTests(ITestOutputHelper output)
{
    private const int LoginsPerSecond = 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Whichever_of_two_is_killed_the_other_serves_on_and_takes_it_back(int dying)
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(2);
        var (lost, survivor) = (cluster.Nodes[dying], cluster.Nodes[1 - dying]);
        await cluster.AddUserAsync(User.Name, 1000);
        using var session = await TalkingSession.OpenAsync(survivor, origin.Endpoint);
        using var gone = await TalkingSession.OpenAsync(lost, origin.Endpoint);
        await cluster.CountsAsync(User.Name, 2);

        await lost.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        using var over = new CancellationTokenSource();
        var logins = Pace.RunAsync(LoginsPerSecond, _ => LogInAsync(survivor, origin), over.Token);
        await cluster.UpAsync(1);
        output.WriteLine($"the survivor is a cluster of one {Stopwatch.GetElapsedTime(killed).TotalSeconds:F1} s after the kill");
        await lost.StartAsync();
        output.WriteLine($"and of two {(await cluster.UpAsync(2)).TotalSeconds:F1} s after the other one was started again");
        await over.CancelAsync();
        output.WriteLine($"{await logins} logins meanwhile, none failed");
        await cluster.CountsAsync(User.Name, 1);
        await session.StopAsync();
    }

    [LongFact("ip", "nft"), Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task Two_that_cannot_see_each_other_both_serve_and_are_one_again_once_they_can()
    {
        using var network = new PartitionableNetwork(2);
        using var origin = network.Echo();
        using var authority = new TestAuthority();
        using var cluster = await NodeCluster.StartAsync(2, "akkasocks.cluster.drain-timeout = 5s", i => TlsHocon.Of(authority.Sign($"n{i}")), network);
        await cluster.AddUserAsync(User.Name, 1000);
        var sessions = new List<TalkingSession>();
        foreach (var node in cluster.Nodes)
            sessions.AddRange(await TalkingSession.OpenAsync(10, node, origin.Endpoint));
        await cluster.CountsAsync(User.Name, 20);

        network.CutOff(1);
        var cut = Stopwatch.GetTimestamp();
        using (var over = new CancellationTokenSource())
        {
            var logins = Pace.RunAsync(LoginsPerSecond, i => LogInAsync(cluster.Nodes[i % 2], origin), over.Token);
            await cluster.UpAsync(1);
            output.WriteLine($"two clusters of one {Stopwatch.GetElapsedTime(cut).TotalSeconds:F1} s after the cut");
            await cluster.Nodes[0].PutUserAsync("bob");
            await cluster.Nodes[1].PutUserAsync("carol");
            await over.CancelAsync();
            output.WriteLine($"{await logins} logins at both meanwhile, none failed");
        }

        Assert.All(sessions, session => Assert.False(session.Talk.IsCompleted));
        network.Heal();
        var healed = Stopwatch.GetTimestamp();

        // The one with the higher address makes room, and says so to its supervisor, which here is the test.
        var left = await cluster.Nodes[1].End.InTime();
        output.WriteLine($"the higher one ends {Stopwatch.GetElapsedTime(healed).TotalSeconds:F1} s after the heal, with {left.ExitCode}");
        Assert.NotEqual(0, left.ExitCode);
        Assert.All(sessions.Take(10), session => Assert.False(session.Talk.IsCompleted));
        await cluster.Nodes[1].StartAsync();
        output.WriteLine($"one cluster {(await cluster.UpAsync(2)).TotalSeconds:F1} s after it was started again");
        foreach (var node in cluster.Nodes)
        {
            await NodeCluster.KnowsAsync(node, "bob");
            await NodeCluster.KnowsAsync(node, "carol");
        }

        await cluster.CountsAsync(User.Name, 10);
        await Task.WhenAll(sessions.Take(10).Select(session => session.StopAsync()));
        sessions.ForEach(session => session.Dispose());
    }

    private static async Task LogInAsync(ClusterNode node, Origin origin)
    {
        var (client, reply) = await node.OpenAsync(origin.Endpoint);
        client.Dispose();
        Assert.Equal(0, reply);
    }
}
