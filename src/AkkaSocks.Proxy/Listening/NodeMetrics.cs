using System.Reflection;
using Akka.Cluster;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Figures;
using Cluster = Akka.Cluster.Cluster;

namespace AkkaSocks.Proxy.Listening;

/// <summary>Declares what is known of a node as a whole.</summary>
internal static class NodeMetrics
{
    private static readonly MemberStatus[] Statuses = Enum.GetValues<MemberStatus>();

    /// <summary>What it is, and what it is near to.</summary>
    public static void DeclareNode(MetricSet metrics, Func<ProxySettings> settings, ConnectionGate gate, NodeDrain drain)
    {
        string[] node = [settings().NodeName, typeof(NodeMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? ""];
        metrics.Gauge(
            "akkasocks.node.info", "{node}", "Always 1; the labels say what runs.", ["node", "version"], () => [new Series(node, 1)]);
        metrics.Gauge("akkasocks.node.draining", "{node}", "1 once the node drains.", () => drain.HasBegun ? 1 : 0);
        metrics.Gauge("akkasocks.mitm.enabled", "{node}", "1 where traffic is looked into.", () => settings().Mitm.Enabled ? 1 : 0);
        metrics.Gauge(
            "akkasocks.mitm.key-log",
            "{node}",
            "1 where the secrets of TLS that is looked into are written to a file.",
            () => settings().Mitm is { Enabled: true, KeyLog.Length: > 0 } ? 1 : 0);
        metrics.Gauge(
            "akkasocks.limits.sessions",
            "{session}",
            "Places of limits.max-sessions that are taken; a UDP association has two.",
            () => gate.Places);
        metrics.Gauge("akkasocks.limits.max-sessions", "{session}", "limits.max-sessions.", () => gate.Limits.MaxSessions);
    }

    /// <summary>Which configuration it goes by.</summary>
    public static void DeclareConfig(MetricSet metrics, Func<ConfigVersion?> config)
    {
        metrics.Gauge(
            "akkasocks.config.epoch",
            "{config}",
            "1 at the start, and one more with every reload that changed something.",
            () => config()?.Epoch ?? 0);
        metrics.Gauge(
            "akkasocks.config.waiting",
            "{node}",
            "1 while the configuration has changes that need a restart.",
            () => config()?.NeedsRestart == true ? 1 : 0);
    }

    /// <summary>The cluster as this node sees it.</summary>
    public static void DeclareCluster(MetricSet metrics, Cluster cluster)
    {
        metrics.Gauge(
            "akkasocks.cluster.members",
            "{node}",
            "Members of the cluster as this node sees it, by status.",
            ["status"],
            () => Statuses.Select(status => new Series(
                [KebabCase.Of($"{status}")], cluster.State.Members.Count(member => member.Status == status))));
        metrics.Gauge(
            "akkasocks.cluster.unreachable", "{node}", "Members that this node cannot reach.", () => cluster.State.Unreachable.Count);
        metrics.Gauge(
            "akkasocks.node.up",
            "{node}",
            "1 while this node is a member that is up.",
            () => cluster.SelfMember.Status == MemberStatus.Up ? 1 : 0);
    }
}
