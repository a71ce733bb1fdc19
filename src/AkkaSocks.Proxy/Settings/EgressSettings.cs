using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>egress</c>: how tunnels leave.</summary>
internal sealed record EgressSettings
{
    /// <summary><c>egress.special-purpose = deny</c>: refuse loopback, private, link-local, metadata, multicast … addresses.</summary>
    public required bool DenySpecialPurpose { get; init; }

    /// <summary><c>egress.allow</c>: networks allowed although they are special.</summary>
    public required ImmutableArray<IPNetwork> Allow { get; init; }

    /// <summary><c>egress.attempt-delay</c>: pause before the next address is tried beside the first (RFC 8305 §5).</summary>
    public required TimeSpan AttemptDelay { get; init; }

    /// <summary><c>egress.hide-bound-address</c>: BND.ADDR and BND.PORT of the reply are zero.</summary>
    public required bool HideBoundAddress { get; init; }

    /// <summary><c>egress.proxy-protocol</c>: destinations that are told who the client is; the first that matches counts.</summary>
    public required ImmutableArray<IntroductionSettings> ProxyProtocol { get; init; }

    /// <summary><c>egress.dns</c>.</summary>
    public required DnsSettings Dns { get; init; }
}
