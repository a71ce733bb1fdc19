namespace AkkaSocks.Proxy.Limits;

/// <summary>Every limit that protects the process, with its unit; the summary of each names who enforces it.</summary>
internal sealed record ProxyLimits
{
    /// <summary>Sessions on this node at once, UDP associations counted twice. Enforced by ConnectionGate before the session actor
    /// exists, and by AssociationGate.</summary>
    public required int MaxSessions { get; init; }

    /// <summary>Sessions per client address (IPv4 address, IPv6 /64) at once. Enforced by ConnectionGate.</summary>
    public required int MaxSessionsPerAddress { get; init; }

    /// <summary>TLS handshakes under way at once. Enforced by HandshakePool.</summary>
    public required int MaxTlsHandshakes { get; init; }

    /// <summary>From accept to the request read: one absolute deadline. Enforced by SessionActor.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    /// <summary>Name lookup and connecting together, all addresses. Enforced by SessionActor.</summary>
    public required TimeSpan ConnectTimeout { get; init; }
}
