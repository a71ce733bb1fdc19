using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Whoever guesses at one node is kept out of all of them, and stays out whichever of them dies.</summary>
[Collection(Alone.Name)]
public sealed class BanTests(ITestOutputHelper output)
{
    private const int PerAddress = 12;
    private const int Rounds = 20;
    private const string Hocon = "akkasocks.auth.bans { failures-per-user-at-address = 5, failures-per-address = 12, duration = 30s }";

    private static readonly IPAddress Guesser = IPAddress.Parse("127.0.0.66"), Spammer = IPAddress.Parse("127.0.0.77"),
        Elsewhere = IPAddress.Parse("127.0.0.88");

    [LongFact, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task A_ban_holds_on_all_nodes_in_milliseconds_outlives_the_node_that_made_it_and_ends()
    {
        using var cluster = await NodeCluster.StartAsync(3, Hocon);
        var (first, second, third) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);
        await cluster.AddUserAsync(User.Name);

        for (var failure = 0; failure < PerAddress; failure++)
            Assert.Equal(1, await LogInAsync(cluster.Nodes[failure % 3], Guesser, $"user-{failure}", "guess"));
        foreach (var node in cluster.Nodes)
        {
            await Eventually.TrueAsync(() => Bans(node).Count() == 1, () => $"{node.Name} to know of the ban");
            Assert.Equal(("127.0.0.66", "failures"), (
                Bans(node).Single().GetProperty("address").GetString(), Bans(node).Single().GetProperty("cause").GetString()));
            Assert.Equal(0, await LogInAsync(node, Elsewhere));
        }

        Assert.Equal(1, await LogInAsync(second, Guesser));
        await SpreadAsync(cluster);
        foreach (var node in cluster.Nodes)
            await Eventually.TrueAsync(() => LogInAsync(node, Guesser).Result == 0, () => $"the ban to end at {node.Name}");

        await third.RunAsync("", "bans", "add", "--address", $"{Spammer}", "--for", "1h", "--reason", "spam");
        await Eventually.TrueAsync(() => LogInAsync(first, Spammer).Result == 1, () => "the first node to refuse");
        await third.KillAsync();
        Assert.Equal(1, await LogInAsync(second, Spammer));
        await third.StartAsync();
        await cluster.UpAsync(3);
        var learned = await Eventually.TrueAsync(() => Bans(third).Any(), () => "the node that was killed to know of the ban again");
        output.WriteLine($"a node that was killed and restarted had the bans {learned.TotalMilliseconds:F0} ms after it was seen up");
        Assert.Equal(1, await LogInAsync(third, Spammer));
        Assert.Equal(0, await LogInAsync(third, Elsewhere));

        Assert.Equal("1 ban lifted", (await second.RunAsync("", "bans", "remove", "--address", $"{Spammer}")).Trim());
        foreach (var node in cluster.Nodes)
            await Eventually.TrueAsync(() => LogInAsync(node, Spammer).Result == 0, () => $"the ban to be lifted at {node.Name}");
    }

    // From the answer of the node that was told, to the last login that still got in at another one.
    private async Task SpreadAsync(NodeCluster cluster)
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var address = new IPAddress([127, 0, 1, (byte)(1 + round)]);
            var (told, others) = (cluster.Nodes[round % 3], cluster.Nodes.Where((_, i) => i != round % 3).ToList());
            foreach (var node in others)
                Assert.Equal(0, await LogInAsync(node, address));
            await told.BanAsync($"{address}");
            var since = Stopwatch.GetTimestamp();
            await Task.WhenAll(others.Select(async node =>
            {
                var began = Stopwatch.GetElapsedTime(since);
                while (await IsLetInAsync(node, address))
                    began = Stopwatch.GetElapsedTime(since);
                lock (times)
                    times.Add(began.TotalMilliseconds);
            })).InTime();
        }

        times.Sort();
        output.WriteLine($"a ban held at another node {times[times.Count / 2]:F1} ms after the answer of the one that was told (median of "
            + $"{times.Count}; {times[^1]:F1} ms at most)");
        Assert.InRange(times[times.Count / 2], 0, 1000);
    }

    // Whoever logs in when the ban comes is reset as any session.
    private static async Task<bool> IsLetInAsync(ClusterNode node, IPAddress from)
    {
        try
        {
            return await LogInAsync(node, from) == 0;
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    private static IEnumerable<JsonElement> Bans(ClusterNode node) =>
        node.Ask("/v1/bans") is { } answer ? ClusterNode.Items(answer) : [];

    /// <summary>RFC 1929's STATUS.</summary>
    private static async Task<byte> LogInAsync(
        ClusterNode node, IPAddress from, string user = User.Name, string password = User.Password)
    {
        using var client = await SocksClient.ConnectAsync(node.Endpoint, from);
        await client.SendAsync([.. SocksClient.GreetingWithPassword, .. SocksClient.Credentials(user, password)]);
        await client.ExpectAsync([5, 2, 1]);
        return (await client.ReceiveAsync(1))[0];
    }
}
