using System.Net;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Whichever of three processes is asked, it tells of all of them, and what it tells is what the kernel and the clients know.</summary>
[Collection(Alone.Name)]
public sealed class WholeClusterTests
{
    private const int Up = 1_234_567, Down = 7_654_321, Tunnels = 6;

    [NeedsToolFact("ss")]
    public async Task Every_node_tells_the_truth_about_all_of_them_to_the_byte()
    {
        using var sink = Origin.Serving(async socket =>
        {
            await socket.DiscardAsync(Up);
            await socket.ReceiveAsync(new byte[1]);
        });
        using var source = Origin.Serving(async socket =>
        {
            await socket.SendAllAsync(new byte[Down]);
            await socket.ReceiveAsync(new byte[1]);
        });
        using var cluster = await NodeCluster.StartAsync(3);
        await cluster.AddUserAsync(User.Name, 100);
        await cluster.CountsAsync(User.Name, 0);
        var clients = new List<SocksClient>();
        for (var i = 0; i < Tunnels; i++)
        {
            var isUp = i % 2 == 0;
            var (client, reply) = await cluster.Nodes[i % 3].OpenAsync((isUp ? sink : source).Endpoint);
            Assert.Equal(0, reply);
            clients.Add(client);
            if (isUp)
                await client.SendAsync(new byte[Up]);
            else
                await client.Socket.DiscardAsync(Down).InTime();
        }

        var refused = await cluster.Nodes[2].OpenAsync(new IPEndPoint(IPAddress.Parse("10.1.2.3"), 80));
        Assert.Equal(2, refused.Reply);
        refused.Client.Dispose();

        foreach (var asked in cluster.Nodes)
        {
            await ShowsAsync(asked, "/v1/sessions", it => Sessions(it).SequenceEqual(
                Enumerable.Range(0, Tunnels).Select(i => ($"n{(i % 3) + 1}", i % 2 == 0 ? Up : 0L, i % 2 == 0 ? 0L : Down)).Order()));
            await ShowsAsync(asked, "/v1/totals", it => (Number(it, "clientToDestination"), Number(it, "destinationToClient"), Number(it, "sessions"))
                == (Up * Tunnels / 2, Down * Tunnels / 2, Tunnels));
            await ShowsAsync(asked, "/v1/nodes", it => ClusterNode.Items(it).ToList() is { Count: 3 } nodes
                && nodes.All(node => Number(node, "sessions") == cluster.Nodes.Single(known => known.Name == node.GetProperty("name").GetString()).EstablishedByKernel()));
            await ShowsAsync(asked, $"/v1/users/{User.Name}", it => Number(it, "sessions") == Tunnels);
            await ShowsAsync(asked, "/v1/refusals", it => ClusterNode.Items(it).Any(refusal => refusal.GetProperty("node").GetString() == "n3"
                && refusal.GetProperty("reason").GetString() == "special-purpose-address"));
            await ShowsAsync(asked, "/v1/history", it => it.GetProperty("nodes").GetArrayLength() == 3);
            foreach (var told in cluster.Nodes)
            {
                await ShowsAsync(asked, $"/v1/actors?node={told.Name}", it => it.GetProperty("node").GetString() == told.Name
                    && it.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("type").GetString() == "session").GetProperty("live").GetInt32() == 2
                    && it.GetProperty("messages").EnumerateArray().Any(message => Number(message, "timed") > 0
                        && message.GetProperty("handlingP99Microseconds").GetDouble() > 0
                        && message.GetProperty("waitingP99Microseconds").GetDouble() > 0));
            }
        }

        clients.ForEach(client => client.Dispose());
        await cluster.CountsAreTrueAsync(User.Name);
    }

    private static IEnumerable<(string Node, long Up, long Down)> Sessions(JsonElement answer) => ClusterNode.Items(answer)
        .Select(it => (it.GetProperty("node").GetString()!, Number(it, "clientToDestination"), Number(it, "destinationToClient"))).Order();

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    // Figures of other nodes are some seconds old.
    private static Task<TimeSpan> ShowsAsync(ClusterNode asked, string path, Func<JsonElement, bool> isTrue) => Eventually.TrueAsync(
        () => asked.Ask(path) is { } answer && isTrue(answer), () => $"{asked.Name} to tell the truth at {path}: {asked.Ask(path)}", TimeSpan.FromMilliseconds(100));
}
