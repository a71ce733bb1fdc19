using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>listeners.NAME.proxy-protocol</c>: a load balancer in front, which says who the client is.</summary>
internal sealed record ProxyProtocolSettings
{
    /// <summary><c>mode</c>: never <see cref="ProxyProtocolMode.Off"/> here.</summary>
    public required ProxyProtocolMode Mode { get; init; }

    /// <summary><c>trusted</c>: from where a header is believed; at least one.</summary>
    public required ImmutableArray<IPNetwork> Trusted { get; init; }
}

/// <summary>An entry of <c>proxy-protocol.mode</c>.</summary>
internal enum ProxyProtocolMode
{
    /// <summary>A header is an unknown protocol.</summary>
    Off,

    /// <summary>Trusted senders may begin with a header.</summary>
    Optional,

    /// <summary>Nobody but trusted senders, and they must.</summary>
    Required,
}
