using System.Collections.Immutable;
using AkkaSocks.Proxy.Limits;

namespace AkkaSocks.Proxy.Settings;

/// <summary>Everything under <c>akkasocks</c> in the configuration, typed and checked. No default stands here: they are all in
/// <c>hocon/reference.conf</c>.</summary>
internal sealed record ProxySettings
{
    /// <summary><c>node.name</c>: what this node is called in logs.</summary>
    public required string NodeName { get; init; }

    /// <summary><c>node.data-directory</c>: where this node keeps what outlives it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary><c>listeners</c>: where clients come in.</summary>
    public required ImmutableArray<ListenerSettings> Listeners { get; init; }

    /// <summary><c>auth</c>.</summary>
    public required AuthSettings Auth { get; init; }

    /// <summary><c>egress</c>.</summary>
    public required EgressSettings Egress { get; init; }

    /// <summary><c>relay</c>.</summary>
    public required RelaySettings Relay { get; init; }

    /// <summary><c>udp</c>.</summary>
    public required UdpSettings Udp { get; init; }

    /// <summary><c>bind</c>.</summary>
    public required BindSettings Bind { get; init; }

    /// <summary><c>resolve</c>.</summary>
    public required ResolveSettings Resolve { get; init; }

    /// <summary><c>mitm</c>.</summary>
    public required MitmSettings Mitm { get; init; }

    /// <summary><c>limits</c>.</summary>
    public required ProxyLimits Limits { get; init; }

    /// <summary><c>transport</c>.</summary>
    public required TransportSettings Transport { get; init; }

    /// <summary><c>log</c>.</summary>
    public required LogSettings Log { get; init; }

    /// <summary><c>cluster</c>.</summary>
    public required ClusterSettings Cluster { get; init; }

    /// <summary><c>config</c>.</summary>
    public required ConfigSettings Config { get; init; }

    /// <summary><c>admin</c>.</summary>
    public required AdminSettings Admin { get; init; }

    /// <summary><c>metrics</c>.</summary>
    public required MetricsSettings Metrics { get; init; }
}
