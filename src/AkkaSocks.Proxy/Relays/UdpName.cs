namespace AkkaSocks.Proxy.Relays;

/// <summary>A name that a client sends datagrams to.</summary>
internal sealed class UdpName
{
    /// <summary>What to look up; null where the client has written an address as text.</summary>
    public string? HostName { get; init; }

    /// <summary>How far it is.</summary>
    public UdpNameState State { get; set; }

    /// <summary>The number of its address, once <see cref="UdpNameState.Known"/>. It is kept while it is used: whoever talks to a name
    /// talks to one host.</summary>
    public UInt128 Number { get; set; }

    /// <summary>When it was last used, or when its lookup failed.</summary>
    public long At { get; set; }

    /// <summary>What waits for its lookup.</summary>
    public List<HeldDatagram> Held { get; } = [];
}

/// <summary>A datagram that waits until its destination's name is resolved.</summary>
/// <param name="Port">The destination's port.</param>
/// <param name="Payload">A copy.</param>
internal sealed record HeldDatagram(ushort Port, byte[] Payload);

/// <summary>How far a <see cref="UdpName"/> is.</summary>
internal enum UdpNameState : byte
{
    /// <summary>It is being looked up.</summary>
    Pending,

    /// <summary>It has an address.</summary>
    Known,

    /// <summary>It has none; that is remembered for a moment.</summary>
    Failed,
}
