using System.Buffers.Binary;

namespace AkkaSocks.Protocol;

/// <summary>
/// A datagram from a client, read in its place (RFC 1928 §7, the picture is at <see cref="UdpHeader"/>): nothing is copied and
/// no object is made, because a relay does this a hundred thousand times a second.
/// </summary>
public readonly ref struct UdpDatagram
{
    private const int FragmentOffset = 2, TypeOffset = 3, AddressOffset = 4, PortLength = 2;
    private const int IPv4HeaderLength = AddressOffset + 4 + PortLength, IPv6HeaderLength = AddressOffset + 16 + PortLength;

    private UdpDatagram(byte fragment, DatagramAddress address, ReadOnlySpan<byte> name, int headerLength)
    {
        Fragment = fragment;
        Address = address;
        Name = name;
        HeaderLength = headerLength;
    }

    /// <summary>Length in bytes of the longest header that <see cref="WriteHeader"/> writes.</summary>
    public const int MaxAnswerHeaderLength = IPv6HeaderLength;

    /// <summary>FRAG: 0 for a datagram that stands alone.</summary>
    public byte Fragment { get; }

    /// <summary>DST.ADDR and DST.PORT; of the address nothing but zeros where there is a <see cref="Name"/>. The port is never 0.</summary>
    public DatagramAddress Address { get; }

    /// <summary>
    /// The octets of a name, as the client sent them; empty where there is an address. Whether it may be looked up, and whether it
    /// is an address as text, says <see cref="UdpHeader.TryRead"/>, which takes its time.
    /// </summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Where the payload starts.</summary>
    public int HeaderLength { get; }

    /// <summary>Reads the header at the start of a datagram.</summary>
    /// <param name="datagram">The whole datagram: no more of it can come.</param>
    /// <param name="read">What it says.</param>
    /// <returns>False when it is malformed: shorter than its header, of unknown ATYP, with an empty name, or with port 0.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out UdpDatagram read)
    {
        read = default;
        if (datagram.Length <= AddressOffset)
            return false;

        int length = (AddressType)datagram[TypeOffset] switch
        {
            AddressType.IPv4 => IPv4HeaderLength,
            AddressType.IPv6 => IPv6HeaderLength,
            AddressType.DomainName when datagram[AddressOffset] > 0 => AddressOffset + 1 + datagram[AddressOffset] + PortLength,
            _ => int.MaxValue,
        };
        if (datagram.Length < length)
            return false;

        ushort port = BinaryPrimitives.ReadUInt16BigEndian(datagram[(length - PortLength)..]);
        ReadOnlySpan<byte> host = datagram[AddressOffset..(length - PortLength)];
        (DatagramAddress address, bool isName) = (AddressType)datagram[TypeOffset] switch
        {
            AddressType.IPv4 => (DatagramAddress.OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(host), port), false),
            AddressType.IPv6 => (new DatagramAddress(BinaryPrimitives.ReadUInt128BigEndian(host), port), false),
            _ => (new DatagramAddress(0, port), true),
        };
        read = new UdpDatagram(datagram[FragmentOffset], address, isName ? host[1..] : default, length);
        return port != 0;
    }

    /// <summary>Bytes of the header that names this sender.</summary>
    public static int HeaderLengthOf(DatagramAddress sender) => sender.IsIPv4 ? IPv4HeaderLength : IPv6HeaderLength;

    /// <summary>Writes the header of a datagram to the client, FRAG 00.</summary>
    /// <param name="target">As many bytes as <see cref="HeaderLengthOf"/> says.</param>
    /// <param name="sender">Who sent the payload.</param>
    public static void WriteHeader(Span<byte> target, DatagramAddress sender)
    {
        target[..TypeOffset].Clear();
        if (sender.IsIPv4)
        {
            target[TypeOffset] = (byte)AddressType.IPv4;
            BinaryPrimitives.WriteUInt32BigEndian(target[AddressOffset..], (uint)sender.Number);
        }
        else
        {
            target[TypeOffset] = (byte)AddressType.IPv6;
            BinaryPrimitives.WriteUInt128BigEndian(target[AddressOffset..], sender.Number);
        }

        BinaryPrimitives.WriteUInt16BigEndian(target[(HeaderLengthOf(sender) - PortLength)..], sender.Port);
    }
}
