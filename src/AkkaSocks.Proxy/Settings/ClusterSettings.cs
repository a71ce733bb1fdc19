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

    /// <summary><c>cluster.drain-timeout</c>: how long established sessions may run on when the node goes.</summary>
    public required TimeSpan DrainTimeout { get; init; }
}

/// <summary>A host and a port as they were written.</summary>
/// <param name="Host">A name or an address; an IPv6 address without its brackets.</param>
/// <param name="Port">From 1.</param>
internal readonly record struct HostAndPort(string Host, int Port);
