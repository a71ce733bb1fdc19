using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>cluster</c>: how nodes find each other and stay together.</summary>
internal sealed record ClusterSettings
{
    /// <summary><c>cluster.host</c>: where the other nodes reach this one, and what it binds.</summary>
    public required string Host { get; init; }

    /// <summary><c>cluster.port</c>; 0 lets the system choose.</summary>
    public required int Port { get; init; }

    /// <summary><c>cluster.seeds</c>: empty is a cluster of one.</summary>
    public required ImmutableArray<HostAndPort> Seeds { get; init; }

    /// <summary><c>cluster.pair-after</c>: one of exactly two nodes gives up the other one after so long.</summary>
    public required TimeSpan PairAfter { get; init; }

    /// <summary><c>cluster.pre-stop-delay</c>: how long a node that drains takes new sessions.</summary>
    public required TimeSpan PreStopDelay { get; init; }

    /// <summary><c>cluster.drain-timeout</c>: how long established sessions may run on when the node goes.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary><c>cluster.tls</c>; null without.</summary>
    public required ClusterTlsSettings? Tls { get; init; }
}

/// <summary><c>cluster.tls</c>: files in PEM form.</summary>
/// <param name="Certificate">This node's certificate.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Ca">The certificates that sign nodes: nobody else's node is talked to.</param>
internal sealed record ClusterTlsSettings(string Certificate, string Key, string Ca);

/// <summary>A host and a port as they were written.</summary>
/// <param name="Host">A name or an address; an IPv6 address without its brackets.</param>
/// <param name="Port">From 1.</param>
internal readonly record struct HostAndPort(string Host, int Port);
