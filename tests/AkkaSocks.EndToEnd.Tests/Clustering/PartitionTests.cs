using System.Diagnostics;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Proxy.Tests.Clustering;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Three nodes of which one cannot be reached by the others for a minute. A supervisor starts again what ends.</summary>
[Collection(Alone.Name)]
public sealed class PartitionTests(ITestOutputHelper output)
{
    private const int Sessions = 50, LoginsPerSecond = 20;
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(60), AlikeWithin = TimeSpan.FromSeconds(5);

    /// <param name="minority">The first seed is a case of its own: a node that starts as the first one founds a cluster where it
    /// finds none.</param>
    [LongTheory("ip", "nft", "ss"), Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task The_majority_serves_on_the_minority_drains_and_all_agree_once_it_is_back(int minority)
    {
        using var network = new PartitionableNetwork(3);
        using var origin = network.Echo();
        using var authority = new TestAuthority();
        using var cluster = await NodeCluster.StartAsync(
            3, "akkasocks.cluster.drain-timeout = 5s", i => TlsHocon.Of(authority.Sign($"n{i}")), network);
        await cluster.AddUserAsync(User.Name, 1000);
        ClusterNode[] majority = [.. cluster.Nodes.Where((_, i) => i != minority)];
        var alone = cluster.Nodes[minority];
        var kept = new List<TalkingSession>();
        foreach (var node in majority)
            kept.AddRange(await TalkingSession.OpenAsync(Sessions, node, origin.Endpoint));
        var lost = await TalkingSession.OpenAsync(Sessions, alone, origin.Endpoint);
        await cluster.CountsAsync(User.Name, 3 * Sessions);

        network.CutOff(minority);
        var cut = Stopwatch.GetTimestamp();
        using var over = new CancellationTokenSource();
        var logins = Pace.RunAsync(LoginsPerSecond, i => LogInAsync(majority[i % 2], origin), over.Token);
        var left = await alone.End.InTime();
        output.WriteLine($"the minority has drained {Stopwatch.GetElapsedTime(cut).TotalSeconds:F1} s after the cut (5 s of it the drain)"
            + $" and ends with {left.ExitCode}");
        Assert.NotEqual(0, left.ExitCode);
        await alone.StartAsync();
        await majority[0].PutUserAsync("bob");
        await majority[1].PutUserAsync("carol");
        await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(cut) > Cut, () => "the time of the partition");
        Assert.All(kept, session => Assert.False(session.Talk.IsCompleted));

        network.Heal();
        var healed = Stopwatch.GetTimestamp();
        await BackAsync(cluster, alone, healed);
        var back = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(
            () => cluster.Nodes.Select(Users).Distinct().Count() == 1, () => "the same users everywhere");
        await cluster.CountsAreTrueAsync(User.Name);
        var took = Stopwatch.GetElapsedTime(back);
        await over.CancelAsync();
        output.WriteLine($"the same users and true counts {took.TotalSeconds:F1} s later; "
            + $"{await logins} logins at the majority meanwhile, none failed");
        Assert.InRange(took, TimeSpan.Zero, AlikeWithin);
        await Task.WhenAll(kept.Select(session => session.StopAsync()));
        lost.ForEach(session => session.Dispose());
    }

    /// <summary>Waits until all are one cluster; what ends is started again.</summary>
    private async Task BackAsync(NodeCluster cluster, ClusterNode alone, long healed)
    {
        while (true)
        {
            var up = cluster.UpAsync(3);
            if (await Task.WhenAny(up, alone.End) == up)
            {
                await up;
                output.WriteLine($"one cluster of three {Stopwatch.GetElapsedTime(healed).TotalSeconds:F1} s after the heal");
                return;
            }

            output.WriteLine($"it ends once more {Stopwatch.GetElapsedTime(healed).TotalSeconds:F1} s after the heal, with {(await alone.End).ExitCode}");
            await alone.StartAsync();
        }
    }

    private static string Users(ClusterNode node) => node.Ask("/v1/users") is { } answer
        ? string.Join(' ', ClusterNode.Items(answer).Select(user => user.GetProperty("name").GetString()))
        : node.Name;

    private static async Task LogInAsync(ClusterNode node, Origin origin)
    {
        var (client, reply) = await node.OpenAsync(origin.Endpoint);
        client.Dispose();
        Assert.Equal(0, reply);
    }
}
