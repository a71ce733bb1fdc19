using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>
/// A network namespace for each node and one more, the middle, where the clients and the origins are and through which nodes reach
/// each other. A partition drops what it would forward; clients still reach all nodes.
/// </summary>
/// <remarks>
/// <code>
/// middle: clients, origins ─ n0: 10.77.0.1/24 ─── 10.77.0.2 first node
///                          ─ n1: 10.77.1.1/24 ─── 10.77.1.2 second node …
/// </code>
/// </remarks>
internal sealed class PartitionableNetwork : IDisposable
{
    /// <summary>All of it.</summary>
    public const string Network = "10.77.0.0/16";

    /// <summary>Where each node listens for clients.</summary>
    public const int SocksPort = 1080;

    private const int ClusterPort = 4053;
    private static int _networks;

    private readonly List<NetworkNamespace> _nodes = [];

    public PartitionableNetwork(int nodes)
    {
        var prefix = $"akkasocks-{Environment.ProcessId}-{Interlocked.Increment(ref _networks)}";
        Middle = new NetworkNamespace($"{prefix}-middle");
        Middle.RunHere("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        for (var i = 0; i < nodes; i++)
        {
            var node = new NetworkNamespace($"{prefix}-n{i}", Middle);
            _nodes.Add(node);
            Middle.RunHere("ip", "link", "add", $"n{i}", "type", "veth", "peer", "name", "eth0", "netns", node.Name);
            Middle.RunHere("ip", "address", "add", $"10.77.{i}.1/24", "dev", $"n{i}");
            Middle.RunHere("ip", "link", "set", $"n{i}", "up");
            node.RunHere("ip", "address", "add", $"10.77.{i}.2/24", "dev", "eth0");
            node.RunHere("ip", "link", "set", "eth0", "up");
            node.RunHere("ip", "route", "add", "default", "via", $"10.77.{i}.1");
        }

        Middle.RunHere("nft", "add table ip partition; add chain ip partition forward { type filter hook forward priority 0; }");
    }

    /// <summary>Where clients and origins are.</summary>
    public NetworkNamespace Middle { get; }

    /// <summary>Where a node runs.</summary>
    public NetworkNamespace Of(int node) => _nodes[node];

    /// <summary>Where a node is reached by the others.</summary>
    public IPEndPoint EndpointOf(int node) => new(IPAddress.Parse($"10.77.{node}.2"), ClusterPort);

    /// <summary>An origin that all nodes reach.</summary>
    public Origin Echo() => NetworkNamespace.Within(Middle, () => Origin.Echo(IPAddress.Parse("10.77.0.1")));

    /// <summary>Cuts a node off from all others, not from the clients.</summary>
    public void CutOff(int node) => Middle.RunHere(
        "nft", $"add rule ip partition forward iifname n{node} drop; add rule ip partition forward oifname n{node} drop");

    /// <summary>Makes all reach each other again.</summary>
    public void Heal() => Middle.RunHere("nft", "flush chain ip partition forward");

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        Middle.Dispose();
    }
}
