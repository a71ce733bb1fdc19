using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary>One entry of <c>listeners</c>.</summary>
/// <param name="Name">Its key in the configuration.</param>
/// <param name="Endpoint">Where it listens; port 0 lets the system choose.</param>
/// <param name="Protocols">What it accepts.</param>
internal sealed record ListenerSettings(string Name, IPEndPoint Endpoint, ImmutableArray<ListenerProtocol> Protocols)
{
    /// <summary><c>listeners.NAME.proxy-protocol</c>; null where its mode is off.</summary>
    public required ProxyProtocolSettings? ProxyProtocol { get; init; }
}

/// <summary>A protocol that a listener may offer.</summary>
internal enum ListenerProtocol
{
    /// <summary>RFC 1928.</summary>
    Socks5,

    /// <summary>SOCKS4, 4A included.</summary>
    Socks4,

    /// <summary>RFC 9110: CONNECT, and requests to be forwarded.</summary>
    Http,
}
