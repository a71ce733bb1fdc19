namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What a client speaks, as it stands in logs and metric labels.</summary>
internal enum ClientProtocol : byte
{
    /// <summary>RFC 1928.</summary>
    Socks5,

    /// <summary>SOCKS4, 4A included.</summary>
    Socks4,

    /// <summary>RFC 9110, as a proxy's client.</summary>
    Http,
}
