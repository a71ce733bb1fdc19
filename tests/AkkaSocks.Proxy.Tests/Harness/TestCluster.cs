using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>Several nodes in this process that are one cluster, with a failure detector that decides in a second or two.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private const string Fast = """
        akka.loggers = []
        akka.cluster {
          seed-node-timeout = 500ms
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          unreachable-nodes-reaper-interval = 200ms
          failure-detector {
            heartbeat-interval = 200ms
            acceptable-heartbeat-pause = 1500ms
          }
          split-brain-resolver.stable-after = 2s
        }
        """;

    private readonly List<TestNode> _nodes = [];

    public ImmutableArray<TestNode> Nodes => [.. _nodes];

    /// <summary>Users with the password s3cret and these limits; each node listens on a port of its own.</summary>
    public static ProxySettings Settings(params UserSettings[] users) => TestSettings.Default with
    {
        Auth = TestSettings.Default.Auth with { Methods = [AcceptedMethod.Password], Users = [.. users] },
    };

    public static UserSettings User(string name, int? maxSessions = null) => new(name, TestLogin.CheapHashOfS3cret, maxSessions, null);

    /// <param name="nodes">How many.</param>
    /// <param name="settings">What they have in common.</param>
    /// <param name="each">What they have not.</param>
    /// <param name="exchanges">Where each node remembers exchanges; none where there is nothing for it.</param>
    public static async Task<TestCluster> StartAsync(
        int nodes, ProxySettings settings, Func<ProxySettings, ProxySettings>? each = null, IReadOnlyList<CaptureRing?>? exchanges = null)
    {
        var cluster = new TestCluster();
        var ports = FreePorts(nodes);
        foreach (var port in ports)
            await cluster.AddAsync(port, ports, settings, each, exchanges?[ports.IndexOf(port)]);
        await cluster.UpAsync(nodes);
        return cluster;
    }

    /// <summary>Starts one more node.</summary>
    /// <param name="port">Where it is reached by the others.</param>
    /// <param name="seeds">The ports of the first nodes: two at least.</param>
    /// <param name="settings">What it has in common with the others.</param>
    /// <param name="each">What it has not.</param>
    /// <param name="exchanges">Where it remembers exchanges.</param>
    public async Task AddAsync(
        int port,
        ImmutableArray<int> seeds,
        ProxySettings settings,
        Func<ProxySettings, ProxySettings>? each = null,
        CaptureRing? exchanges = null)
    {
        var cluster = settings.Cluster with
        {
            Port = port,
            Seeds = [.. seeds.Select(seed => new HostAndPort("127.0.0.1", seed))],
            PairAfter = TimeSpan.FromSeconds(1),
        };
        var own = settings with { NodeName = $"node-{port}", Cluster = cluster };
        _nodes.Add(await TestNode.StartRememberingAsync(each?.Invoke(own) ?? own, Fast, exchanges));
    }

    /// <summary>Waits until every node that runs sees exactly so many members, all of them up.</summary>
    public Task UpAsync(int members) => Eventually.TrueAsync(
        () => Running.All(node => Cluster.Get(node.System).State is var state
            && state.Members.Count == members && state.Members.All(member => member.Status == MemberStatus.Up)),
        $"{members} members to be up");

    /// <summary>Waits until every node that runs counts so many sessions of a user in the cluster.</summary>
    public async Task AgreeAsync(string user, int sessions)
    {
        foreach (var node in Running)
            await Eventually.TrueAsync(() => CountOn(node, user) == sessions, $"{node.Node.Settings.NodeName} to count {sessions} of {user}");
    }

    /// <summary>Sessions of a user in the cluster as a node counts them.</summary>
    public static int CountOn(TestNode node, string user) =>
        node.AskAsync<AuthRegistry.SessionCount>(new AuthRegistry.GetSessionCounts(UserName.FromText(user))).Result.Sessions;

    /// <summary>A node dies without a word to the others.</summary>
    public Task KillAsync(int node)
    {
        ((ExtendedActorSystem)_nodes[node].System).Abort();
        return _nodes[node].System.WhenTerminated.InTime();
    }

    /// <summary>A node says goodbye to the others and stops.</summary>
    public Task LeaveAsync(int node) =>
        CoordinatedShutdown.Get(_nodes[node].System).Run(CoordinatedShutdown.ClrExitReason.Instance).InTime();

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
    }

    private IEnumerable<TestNode> Running => _nodes.Where(node => !node.System.WhenTerminated.IsCompleted);

    /// <summary>Ports that were free a moment ago, for nodes that must know each other's before they bind. None of those that the
    /// system gives to whoever connects somewhere, or a client could have it by then.</summary>
    public static ImmutableArray<int> FreePorts(int count) =>
        [.. Enumerable.Range(Random.Shared.Next(20_000, 30_000), 2_000).Where(IsFree).Take(count)];

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
