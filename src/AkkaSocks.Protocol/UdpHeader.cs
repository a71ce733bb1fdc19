namespace AkkaSocks.Protocol;

/// <summary>
/// What precedes the payload of each datagram between client and relay (RFC 1928 §7): where it goes, or where it came from.
/// </summary>
/// <remarks>
/// <code>
/// +-----+------+------+----------+----------+----------+
/// | RSV | FRAG | ATYP | DST.ADDR | DST.PORT |   DATA   |
/// |  2  |  1   |  1   | variable |    2     | variable |
/// +-----+------+------+----------+----------+----------+
/// </code>
/// RSV is not looked at: clients in the field put other values than 0000 there.
/// </remarks>
public readonly struct UdpHeader
{
    /// <summary>Length in bytes of the longest header.</summary>
    public const int MaxLength = PrefixLength + AddressField.MaxLength;

    /// <summary>RSV and FRAG.</summary>
    private const int PrefixLength = 3;

    private UdpHeader(byte fragment, Destination destination) => (Fragment, Destination) = (fragment, destination);

    /// <summary>FRAG: 0 for a datagram that stands alone. There is no reassembly, so all others are to be dropped.</summary>
    public byte Fragment { get; }

    /// <summary>DST.ADDR and DST.PORT; in a datagram to the client, the sender. Its port is never 0.</summary>
    public Destination Destination { get; }

    /// <summary>Reads the header at the start of a datagram.</summary>
    /// <param name="datagram">The whole datagram: no more of it can come.</param>
    /// <param name="header">The header, when <see cref="DecodeStatus.Done"/>.</param>
    /// <param name="length">The header's length in bytes, hence where the payload starts; 0 when malformed.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Done"/> or <see cref="DecodeStatus.Malformed"/>: shorter than its header, unknown ATYP,
    /// a refused name, or port 0. Never <see cref="DecodeStatus.NeedMore"/>.
    /// </returns>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> datagram, out UdpHeader header, out int length)
    {
        header = default;
        length = 0;
        if (datagram.Length <= PrefixLength)
            return DecodeStatus.Malformed;

        DecodeStatus status = AddressField.TryRead(datagram[PrefixLength..], out Destination destination, out int field, out _);
        if (status != DecodeStatus.Done || destination.Port == 0)
            return DecodeStatus.Malformed;

        header = new UdpHeader(datagram[2], destination);
        length = PrefixLength + field;
        return DecodeStatus.Done;
    }

    /// <summary>Writes the header of a datagram that stands alone (FRAG 00).</summary>
    /// <param name="target">Room for the header, <see cref="MaxLength"/> bytes suffice; the payload goes behind it.</param>
    /// <param name="destination">Where the datagram goes; towards the client, its true sender.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, Destination destination)
    {
        int length = PrefixLength + AddressField.Write(target[PrefixLength..], destination);
        target[..PrefixLength].Clear();
        return length;
    }
}
