using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>What a cluster promises, from outside: three processes, real clients, and the verbs.</summary>
[Collection(Alone.Name)]
public sealed class ThreeProcessesTests
{
    private const int Limit = 20;

    [Fact]
    public async Task A_user_added_at_one_node_has_its_limit_on_all_is_seen_and_ended_from_any_and_a_node_drains()
    {
        using var origin = Origin.Echo();
        using var cluster = await ThreeProcesses.StartAsync();
        var (first, second, third) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);
        await ThreeProcesses.RunAsync(first, $"{User.Password}\n", "user", "add", User.Name, "--max-sessions", $"{Limit}");
        foreach (var node in cluster.Nodes)
        {
            await cluster.UntilAsync(node, $"/v1/users/{User.Name}", _ => true);

            // The password is verified once per node; the 300 would find the queue full.
            using var warm = await SocksClient.ConnectAsync(node.Endpoint);
            await warm.LogInAsync();
        }

        await SessionsAsync(cluster, 0);
        var clients = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => OpenAsync(cluster.Nodes[i % 3].Endpoint, origin.Endpoint)));
        var tunnels = clients.Where(client => client.Reply == 0).Select(client => client.Client).ToList();
        Assert.Equal(Limit, tunnels.Count);
        Assert.All(clients.Where(client => client.Reply != 0), client => Assert.Equal(2, client.Reply));
        foreach (var refused in clients.Where(client => client.Reply != 0))
            refused.Client.Dispose();
        await SessionsAsync(cluster, Limit);

        // Killed from a node that has it not, for two in three.
        var lines = (await ThreeProcesses.RunAsync(second, "", "sessions")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Limit + 1, lines.Length);
        foreach (var id in lines.Skip(1).Take(3).Select(line => line.Split(' ')[0]))
            await ThreeProcesses.RunAsync(first, "", "kill", id);
        await SessionsAsync(cluster, Limit - 3);

        await ThreeProcesses.RunAsync(first, "", "drain", "n3");
        tunnels.ForEach(tunnel => tunnel.Dispose());
        Assert.Equal(0, (await third.End.InTime()).ExitCode);
        await cluster.UntilAsync(first, "/v1/nodes", answer => ThreeProcesses.Items(answer).Count() == 2);
        var (late, reply) = await OpenAsync(first.Endpoint, origin.Endpoint);
        Assert.Equal(0, reply);
        Assert.Equal("removed", (await ThreeProcesses.RunAsync(second, "", "user", "remove", User.Name)).Trim().Split(' ')[^1]);
        await late.EndAsync();
        late.Dispose();
    }

    private static async Task SessionsAsync(ThreeProcesses cluster, int count)
    {
        foreach (var node in cluster.Nodes)
            await cluster.UntilAsync(node, "/v1/sessions?limit=1000", answer => ThreeProcesses.Items(answer).Count() == count);
    }

    // The reply as it comes: the test counts refusals.
    private static async Task<(SocksClient Client, byte Reply)> OpenAsync(IPEndPoint proxy, IPEndPoint destination)
    {
        var client = await SocksClient.ConnectAsync(proxy);
        await client.LogInAsync();
        await client.SendAsync(SocksClient.Connect(destination));
        return (client, (await client.ReceiveAsync(10))[1]);
    }
}
