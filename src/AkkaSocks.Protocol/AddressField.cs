using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>
/// The part that requests, replies and UDP headers share (RFC 1928 §5): address type, address and port.
/// </summary>
/// <remarks>
/// <code>
/// +------+---------------------------------+------+
/// | ATYP |              ADDR               | PORT |
/// |  1   | 4, or 16, or 1 + (0 to 255)     |  2   |   big-endian
/// +------+---------------------------------+------+
/// </code>
/// </remarks>
internal static class AddressField
{
    /// <summary>Length in bytes of the longest field: a name of 255 octets.</summary>
    public const int MaxLength = 1 + 1 + byte.MaxValue + PortLength;

    private const int PortLength = 2;

    /// <summary>Reads the field from the start of <paramref name="source"/>.</summary>
    /// <param name="source">The bytes from ATYP on.</param>
    /// <param name="destination">What it says, when <see cref="DecodeStatus.Done"/>.</param>
    /// <param name="length">Bytes consumed: 1 when ATYP is unknown, since no more is knowable then.</param>
    /// <param name="problem">
    /// When malformed: <see cref="ReplyCode.AddressTypeNotSupported"/>, said as soon as ATYP is there, or
    /// <see cref="ReplyCode.HostUnreachable"/> for a refused name, said once the field is whole.
    /// </param>
    public static DecodeStatus TryRead(
        ReadOnlySpan<byte> source, out Destination destination, out int length, out ReplyCode problem)
    {
        destination = default;
        length = 0;
        problem = ReplyCode.Succeeded;
        if (source.IsEmpty)
            return DecodeStatus.NeedMore;

        Range host;
        switch ((AddressType)source[0])
        {
            case AddressType.IPv4:
                host = 1..5;
                break;
            case AddressType.IPv6:
                host = 1..17;
                break;
            case AddressType.DomainName when source.Length < 2:
                return DecodeStatus.NeedMore;
            case AddressType.DomainName:
                host = 2..(2 + source[1]);
                break;
            default:
                length = 1;
                problem = ReplyCode.AddressTypeNotSupported;
                return DecodeStatus.Malformed;
        }

        if (source.Length < host.End.Value + PortLength)
            return DecodeStatus.NeedMore;

        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[host.End.Value..]);
        length = host.End.Value + PortLength;
        if ((AddressType)source[0] != AddressType.DomainName)
        {
            destination = Destination.OfAddress(new IPAddress(source[host]), port);
            return DecodeStatus.Done;
        }

        if (Destination.TryOfName(source[host], port, out destination))
            return DecodeStatus.Done;

        problem = ReplyCode.HostUnreachable;
        return DecodeStatus.Malformed;
    }

    /// <summary>Writes the field; the bytes written are at most <see cref="MaxLength"/>.</summary>
    public static int Write(Span<byte> target, Destination destination)
    {
        if (destination.HostName is not { } name)
            return Write(target, destination.Address!, destination.Port);

        target[0] = (byte)AddressType.DomainName;
        target[1] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, target[2..]);
        return WritePort(target, 2 + name.Length, destination.Port);
    }

    /// <summary>Writes the field without making a <see cref="Destination"/>; IPv4-mapped goes out as ATYP 01.</summary>
    public static int Write(Span<byte> target, IPAddress address, ushort port)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out int length);
        octets = address.IsIPv4MappedToIPv6 ? octets[^4..] : octets[..length];

        target[0] = (byte)(octets.Length == 4 ? AddressType.IPv4 : AddressType.IPv6);
        octets.CopyTo(target[1..]);
        return WritePort(target, 1 + octets.Length, port);
    }

    private static int WritePort(Span<byte> target, int offset, ushort port)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target[offset..], port);
        return offset + PortLength;
    }
}
