using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Processes that are one cluster, started by the file that the README starts them by.</summary>
internal sealed class NodeCluster : IDisposable
{
    // Each look starts a process per node.
    private static readonly TimeSpan CheapEnough = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-e2e-");
    private readonly List<ClusterNode> _nodes = [];

    private NodeCluster()
    {
    }

    /// <summary>All of them, running or not.</summary>
    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    /// <summary>Those whose process has not ended.</summary>
    public IEnumerable<ClusterNode> Running => _nodes.Where(node => node.IsRunning);

    /// <summary>Starts a cluster and waits until all of its nodes see each other up.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="hocon">What is put over the file, for all of them.</param>
    /// <param name="each">What is put over that, for each by its index.</param>
    /// <param name="network">Where they run; null for loopback.</param>
    public static async Task<NodeCluster> StartAsync(
        int nodes, string hocon = "", Func<int, string>? each = null, PartitionableNetwork? network = null)
    {
        var cluster = Prepare(nodes, hocon, each, network);
        try
        {
            await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync()));
            await cluster.UpAsync(nodes);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The same with no node started.</summary>
    public static NodeCluster Prepare(int nodes, string hocon = "", Func<int, string>? each = null, PartitionableNetwork? network = null)
    {
        var cluster = new NodeCluster();
        var loopback = network is null ? FreePorts(nodes) : [];
        IPEndPoint[] endpoints = [.. Enumerable.Range(0, nodes).Select(i => network?.EndpointOf(i) ?? new(IPAddress.Loopback, loopback[i]))];
        var seeds = string.Join(", ", endpoints.Take(2).Select(endpoint => $"\"{endpoint}\""));
        for (var i = 0; i < nodes; i++)
        {
            cluster._nodes.Add(new ClusterNode(
                $"n{i + 1}",
                cluster._folder.CreateSubdirectory($"n{i + 1}"),
                endpoints[i],
                nodes > 1 ? seeds : "",
                $"{hocon}\n{each?.Invoke(i)}",
                network?.Of(i)));
        }

        return cluster;
    }

    /// <summary>Waits until every node that runs sees so many nodes up, and no other; how long that took.</summary>
    public Task<TimeSpan> UpAsync(int count) => Eventually.TrueAsync(
        () => Running.All(node => node.Ask("/v1/nodes") is { } answer
            && ClusterNode.Items(answer).ToList() is var items && items.Count == count
            && items.TrueForAll(item => item.GetProperty("state").GetString() == "up" && item.GetProperty("name").GetString()![0] == 'n')),
        () => $"{count} nodes to be up; " + string.Join(" | ", Running.Select(node => $"{node.Name}: {node.Ask("/v1/nodes")}")));

    /// <summary>Adds a user at one node and waits until all have it and have verified its password once, so that a burst of logins
    /// does not find the queue of verifications full.</summary>
    public async Task AddUserAsync(string name, int? maxSessions = null)
    {
        await Running.First().PutUserAsync(name, maxSessions);
        foreach (var node in Running)
            await KnowsAsync(node, name);
        await WarmUpAsync(name);
    }

    /// <summary>Logs a user in at every node, once.</summary>
    public async Task WarmUpAsync(string name)
    {
        foreach (var node in Running)
        {
            using var client = await node.ConnectAsync();
            await client.LogInAsync(name);
        }
    }

    /// <summary>Waits until a node has a user.</summary>
    public static Task<TimeSpan> KnowsAsync(ClusterNode node, string name) =>
        Eventually.TrueAsync(() => node.Ask($"/v1/users/{name}") is not null, () => $"{node.Name} to have {name}");

    /// <summary>Waits until every node that runs counts as many sessions of a user in the whole cluster as there are connections from
    /// clients; how long that took. To be asked while that user's are the only ones.</summary>
    public Task<TimeSpan> CountsAreTrueAsync(string user) => Eventually.TrueAsync(
        () => Running.Sum(node => node.EstablishedByKernel()) is var truth && Running.All(node => node.SessionsOf(user) == truth),
        () => $"counts to be {string.Join("+", Running.Select(node => node.EstablishedByKernel()))}; they are "
            + string.Join(", ", Running.Select(node => node.SessionsOf(user))),
        CheapEnough);

    /// <summary>Waits until every node that runs counts so many sessions of a user in the whole cluster.</summary>
    public Task<TimeSpan> CountsAsync(string user, int count) => Eventually.TrueAsync(
        () => Running.All(node => node.SessionsOf(user) == count),
        () => $"counts to be {count}; they are {string.Join(", ", Running.Select(node => node.SessionsOf(user)))}");

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _folder.Delete(recursive: true);
    }

    // They must be known before a node starts, so they are taken and let go. None of those that the system gives to whoever connects
    // somewhere, or a client could have it by then.
    private static int[] FreePorts(int count) => [.. Enumerable.Range(Random.Shared.Next(20_000, 30_000), 2_000).Where(IsFree).Take(count)];

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
