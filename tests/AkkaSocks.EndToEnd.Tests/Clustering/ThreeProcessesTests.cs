using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>What a cluster is to its operator: three processes and the verbs.</summary>
[Collection(Alone.Name)]
public sealed class ThreeProcessesTests
{
    private const int Tunnels = 6;

    [Fact]
    public async Task A_user_added_at_one_node_is_seen_and_ended_from_any_and_a_node_drains()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(3);
        var (first, second, third) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);
        await first.RunAsync($"{User.Password}\n", "user", "add", User.Name, "--max-sessions", $"{Tunnels}");
        foreach (var node in cluster.Nodes)
            await NodeCluster.KnowsAsync(node, User.Name);
        var tunnels = new List<SocksClient>();
        for (var i = 0; i < Tunnels; i++)
            tunnels.Add((await cluster.Nodes[i % 3].OpenAsync(origin.Endpoint)).Client);
        await SessionsAsync(cluster, Tunnels);

        // Killed from a node that has it not, for two in three.
        var lines = (await second.RunAsync("", "sessions")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Tunnels + 1, lines.Length);
        foreach (var id in lines.Skip(1).Take(3).Select(line => line.Split(' ')[0]))
            await first.RunAsync("", "kill", id);
        await SessionsAsync(cluster, Tunnels - 3);

        await first.RunAsync("", "drain", "n3");
        tunnels.ForEach(tunnel => tunnel.Dispose());
        Assert.Equal(0, (await third.End.InTime()).ExitCode);
        await cluster.UpAsync(2);
        var (late, reply) = await first.OpenAsync(origin.Endpoint);
        Assert.Equal(0, reply);
        Assert.Equal("removed", (await second.RunAsync("", "user", "remove", User.Name)).Trim().Split(' ')[^1]);
        await late.EndAsync();
        late.Dispose();
    }

    private static async Task SessionsAsync(NodeCluster cluster, int count)
    {
        foreach (var node in cluster.Nodes)
        {
            await Eventually.TrueAsync(
                () => node.Ask("/v1/sessions?limit=1000") is { } answer && ClusterNode.Items(answer).Count() == count,
                () => $"{node.Name} to list {count} sessions");
        }
    }
}
