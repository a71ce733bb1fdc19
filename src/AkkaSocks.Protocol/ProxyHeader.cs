using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Protocol;

/// <summary>
/// What a load balancer says before all else about the connection it passes on: who the client is (the PROXY protocol, versions 1
/// and 2, haproxy.org/download/2.6/doc/proxy-protocol.txt).
/// </summary>
/// <remarks>
/// <code>
/// v1: PROXY TCP4 198.51.100.7 203.0.113.1 56324 1080\r\n        at most 107 octets; also TCP6, and UNKNOWN with anything behind it
///
/// v2: +-----------+---------+-----+--------+---------+---------+----------+----------+------+
///     | signature | ver/cmd | fam | length | SRCADDR | DSTADDR | SRC.PORT | DST.PORT | TLVs |
///     |    12     |    1    |  1  |   2    | 4 or 16 | 4 or 16 |    2     |    2     |      |
///     +-----------+---------+-----+--------+---------+---------+----------+----------+------+
/// </code>
/// TLVs are passed over unread, so no TLV can be bad. LOCAL and every family but TCP over IPv4 or IPv6 name no client.
/// </remarks>
public readonly struct ProxyHeader
{
    /// <summary>Length in bytes of the longest header that is read: twice what senders keep to, so that it fits one segment.</summary>
    public const int MaxLength = 1024;

    /// <summary>Length in bytes of the longest header that is written.</summary>
    public const int MaxWritten = MaxLineLength;

    private const int MaxLineLength = 107;
    private const int FixedLength = 16;
    private const int AddressesV4 = 12, AddressesV6 = 36;
    private const byte VersionAndLocal = 0x20, VersionAndProxy = 0x21, TcpOverV4 = 0x11, TcpOverV6 = 0x21;

    private ProxyHeader(IPEndPoint? client) => Client = client;

    private static ReadOnlySpan<byte> Version1 => "PROXY "u8;

    private static ReadOnlySpan<byte> Version2 => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>Who the client is; null when the header does not say, and it is whoever sent it. Never IPv4-mapped.</summary>
    public IPEndPoint? Client { get; }

    /// <summary>Whether these bytes begin a header, of whichever version.</summary>
    /// <returns><see cref="DecodeStatus.NeedMore"/> while they may.</returns>
    public static DecodeStatus Recognize(ReadOnlySpan<byte> source)
    {
        if (source.StartsWith(Version1) || source.StartsWith(Version2))
            return DecodeStatus.Done;
        return Version1.StartsWith(source) || Version2.StartsWith(source) ? DecodeStatus.NeedMore : DecodeStatus.Malformed;
    }

    /// <summary>Reads a header from the start of <paramref name="source"/>.</summary>
    /// <param name="source">All bytes received and not yet consumed.</param>
    /// <param name="header">The header, when <see cref="DecodeStatus.Done"/>.</param>
    /// <param name="length">Bytes consumed; of a malformed header, those known to belong to it.</param>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        switch (Recognize(source))
        {
            case DecodeStatus.NeedMore:
                return DecodeStatus.NeedMore;
            case DecodeStatus.Malformed:
                length = 1 + Math.Max(source.CommonPrefixLength(Version1), source.CommonPrefixLength(Version2));
                return DecodeStatus.Malformed;
        }

        return source[0] == Version1[0]
            ? TryReadLine(source, out header, out length)
            : TryReadBinary(source, out header, out length);
    }

    /// <summary>Writes a header.</summary>
    /// <param name="target">Room for the header, <see cref="MaxWritten"/> bytes suffice.</param>
    /// <param name="version">1 or 2.</param>
    /// <param name="client">Who the client is.</param>
    /// <param name="destination">Where it wants to. When one of the two is an IPv6 address, both are written as such.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, int version, IPEndPoint client, IPEndPoint destination)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(destination);
        bool isIPv4 = IsIPv4(client.Address) && IsIPv4(destination.Address);
        IPAddress source = isIPv4 ? client.Address.MapToIPv4() : client.Address.MapToIPv6();
        IPAddress goal = isIPv4 ? destination.Address.MapToIPv4() : destination.Address.MapToIPv6();
        return version == 1
            ? WriteLine(target, isIPv4, source, goal, client.Port, destination.Port)
            : WriteBinary(target, isIPv4, source, goal, client.Port, destination.Port);
    }

    private static bool IsIPv4(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;

    private static DecodeStatus TryReadLine(ReadOnlySpan<byte> source, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        ReadOnlySpan<byte> room = source[..Math.Min(source.Length, MaxLineLength)];
        int end = room.IndexOf("\r\n"u8);
        if (end < 0 && room.Length < MaxLineLength)
            return DecodeStatus.NeedMore;

        length = end < 0 ? room.Length : end + 2;
        return end >= 0 && TryReadFields(room[Version1.Length..end], out header) ? DecodeStatus.Done : DecodeStatus.Malformed;
    }

    /// <summary>What stands between "PROXY " and the end of the line.</summary>
    private static bool TryReadFields(ReadOnlySpan<byte> line, out ProxyHeader header)
    {
        header = default;
        if (line.SequenceEqual("UNKNOWN"u8) || line.StartsWith("UNKNOWN "u8))
            return true;

        AddressFamily? family = NextField(ref line) switch
        {
            var name when name.SequenceEqual("TCP4"u8) => AddressFamily.InterNetwork,
            var name when name.SequenceEqual("TCP6"u8) => AddressFamily.InterNetworkV6,
            _ => null,
        };
        if (!AddressText.TryRead(NextField(ref line), out IPAddress? source) || source.AddressFamily != family
            || !AddressText.TryRead(NextField(ref line), out IPAddress? destination) || destination.AddressFamily != family
            || !TryReadPort(NextField(ref line), out ushort port) || !TryReadPort(line, out _))
            return false;

        header = Of(source, port);
        return true;
    }

    /// <summary>Takes what stands before the next blank, and the blank; nothing when there is none.</summary>
    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> line)
    {
        int blank = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = line[..Math.Max(blank, 0)];
        line = line[(blank + 1)..];
        return field;
    }

    /// <summary>Decimal, without a leading zero.</summary>
    private static bool TryReadPort(ReadOnlySpan<byte> text, out ushort port) =>
        Utf8Parser.TryParse(text, out port, out int read) && read == text.Length
        && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (text.Length == 1 || text[0] != (byte)'0');

    private static DecodeStatus TryReadBinary(ReadOnlySpan<byte> source, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        if (source.Length <= Version2.Length)
            return DecodeStatus.NeedMore;

        byte versionAndCommand = source[Version2.Length];
        if (versionAndCommand is not (VersionAndLocal or VersionAndProxy))
        {
            length = Version2.Length + 1;
            return DecodeStatus.Malformed;
        }

        if (source.Length < FixedLength)
            return DecodeStatus.NeedMore;

        int rest = BinaryPrimitives.ReadUInt16BigEndian(source[(FixedLength - 2)..]);
        int addresses = (versionAndCommand, source[Version2.Length + 1]) switch
        {
            (VersionAndProxy, TcpOverV4) => AddressesV4,
            (VersionAndProxy, TcpOverV6) => AddressesV6,
            _ => 0,
        };
        if (rest < addresses || FixedLength + rest > MaxLength)
        {
            length = FixedLength;
            return DecodeStatus.Malformed;
        }

        if (source.Length < FixedLength + rest)
            return DecodeStatus.NeedMore;

        length = FixedLength + rest;
        ReadOnlySpan<byte> fields = source.Slice(FixedLength, addresses);
        if (addresses > 0)
            header = Of(new IPAddress(fields[..((addresses - 4) / 2)]), BinaryPrimitives.ReadUInt16BigEndian(fields[^4..]));
        return DecodeStatus.Done;
    }

    private static ProxyHeader Of(IPAddress source, ushort port) =>
        new(new IPEndPoint(source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source, port));

    private static int WriteLine(Span<byte> target, bool isIPv4, IPAddress source, IPAddress destination, int sourcePort, int port)
    {
        System.Text.Unicode.Utf8.TryWrite(
            target, $"PROXY {(isIPv4 ? "TCP4" : "TCP6")} {Plain(source)} {Plain(destination)} {sourcePort} {port}\r\n", out int written);
        return written;
    }

    private static int WriteBinary(Span<byte> target, bool isIPv4, IPAddress source, IPAddress destination, int sourcePort, int port)
    {
        int addresses = isIPv4 ? AddressesV4 : AddressesV6;
        Version2.CopyTo(target);
        target[12] = VersionAndProxy;
        target[13] = isIPv4 ? TcpOverV4 : TcpOverV6;
        BinaryPrimitives.WriteUInt16BigEndian(target[14..], (ushort)addresses);
        source.TryWriteBytes(target[FixedLength..], out int octets);
        destination.TryWriteBytes(target[(FixedLength + octets)..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(target[(FixedLength + addresses - 4)..], (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(target[(FixedLength + addresses - 2)..], (ushort)port);
        return FixedLength + addresses;
    }

    /// <summary>Without a zone, which means nothing elsewhere.</summary>
    private static IPAddress Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0
            ? new IPAddress(address.GetAddressBytes())
            : address;
}
