using System.Net;
using System.Text;
using CsCheck;

namespace AkkaSocks.Protocol.Tests;

/// <summary>Messages, whole and damaged. Plain random bytes almost never get past a decoder's first octets.</summary>
internal static class Generators
{
    private static readonly Gen<byte[]> Octets = Gen.Frequency((3, Gen.Byte.Array[0, 8]), (1, Gen.Byte.Array[0, 255]));

    private static readonly Gen<string> Label =
        Gen.Frequency((6, Gen.String[Gen.Char["abcxyzABCXYZ0189-_"], 1, 8]), (1, Gen.String[Gen.Char["ab0_"], 1, 64]));

    private static readonly Gen<string> DomainName =
        Gen.Frequency((6, Label.Array[1, 4]), (1, Label.Array[1, 40])).Select(labels => string.Join('.', labels));

    private static readonly Gen<string> DottedQuad =
        Gen.Int[0, 300].Array[3, 5].Select(octets => string.Join('.', octets));

    private static readonly Gen<string> IPv6Text =
        Gen.OneOf(Gen.Byte.Array[16], Gen.OneOf<byte>(0, 0, 0, 1, 255).Array[16])
            .Select(octets => new IPAddress(octets).ToString());

    private static readonly Gen<string> Groups =
        Gen.Frequency(
            (8, Gen.OneOf("0", "1", "a2", "FFFF")), (2, Gen.Const("")), (1, Gen.OneOf(":", "12345", "g", "1.2.3.4")))
            .Array[1, 10].Select(groups => string.Join(':', groups));

    private static readonly Gen<string> AnyText = Gen.OneOf(
        DomainName,
        DottedQuad,
        IPv6Text,
        Groups,
        Gen.String[Gen.Char["0123456789abcdefxX.:"], 0, 20],
        Gen.String[Gen.Char["01fxz.:-_%[]/@\\\"'` \0\r\n\u007fé"], 0, 12]);

    /// <summary>What might stand in ATYP 03: names, addresses, and what lies between.</summary>
    internal static readonly Gen<byte[]> Name = Gen.Frequency(
        (8, AnyText.Select(Clip)),
        (1, Gen.Select(AnyText, Gen.OneOf(".", "..", " ", "\0", "%1", ":80"), (text, end) => Clip(text + end))),
        (1, Octets));

    internal static readonly Gen<Destination> Destination = Gen.Select(
        Gen.OneOf(
            Gen.Byte.Array[4].Select(octets => Protocol.Destination.OfAddress(new IPAddress(octets), 0)),
            Gen.Byte.Array[16].Select(octets => Protocol.Destination.OfAddress(new IPAddress(octets), 0)),
            DomainName.Select(OfName)),
        Gen.UShort,
        (host, port) => host.HostName is { } name ? OfName(name, port) : Protocol.Destination.OfAddress(host.Address!, port));

    private static readonly Gen<byte[]> AddressField = Gen.Select(
        Gen.Frequency(
            (2, Gen.Byte.Array[4].Select(octets => (byte[])[1, .. octets])),
            (2, Gen.Byte.Array[16].Select(octets => (byte[])[4, .. octets])),
            (1, Gen.Byte.Array[4].Select(octets => (byte[])[4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, .. octets])),
            (6, Name.Select(name => (byte[])[3, (byte)name.Length, .. name])),
            (1, Octets)),
        Gen.Frequency((6, Gen.Byte.Array[2]), (1, Gen.Const<byte[]>([0, 0]))),
        (host, port) => (byte[])[.. host, .. port]);

    private static readonly Gen<byte> Version = Gen.Frequency((20, Gen.Const((byte)5)), (1, Gen.Byte));

    internal static readonly Gen<byte[]> Greeting =
        Octets.Select(methods => (byte[])[5, (byte)methods.Length, .. methods]);

    internal static readonly Gen<byte[]> Credentials = Gen.Select(
        Octets, Octets, (user, password) => (byte[])[1, (byte)user.Length, .. user, (byte)password.Length, .. password]);

    /// <summary>A request, and a reply just as well: VER, CMD or REP, RSV, address field.</summary>
    internal static readonly Gen<byte[]> Request = Gen.Select(
        Version, Gen.OneOf(Gen.OneOf<byte>(0, 1, 2, 3), Gen.Byte), Gen.Byte, AddressField,
        (version, command, reserved, field) => (byte[])[version, command, reserved, .. field]);

    internal static readonly Gen<byte[]> Socks4Request = Gen.Select(
        Gen.Frequency((20, Gen.Const((byte)4)), (1, Gen.Byte)),
        Gen.OneOf(Gen.OneOf<byte>(0, 1, 2), Gen.Byte),
        Gen.Byte.Array[2],
        Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Select(last => (byte[])[0, 0, 0, last])),
        Gen.Frequency((6, Gen.Byte[1, 255].Array[0, 12]), (1, Gen.Byte[1, 255].Array[250, 260])),
        Gen.Frequency((6, Name), (1, Gen.Byte[1, 255].Array[250, 260])),
        (version, command, port, address, user, name) => (byte[])[version, command, .. port, .. address, .. user, 0, .. name, 0]);

    private static readonly Gen<byte[]> ProxyLine = Gen.Select(
        Gen.OneOf("TCP4", "TCP6", "UNKNOWN", "UDP4"),
        Gen.OneOf(DottedQuad, IPv6Text, Groups),
        Gen.OneOf(DottedQuad, IPv6Text),
        Gen.Int[0, 66000],
        Gen.OneOf("\r\n", "\r\n", "\n", " \r\n"),
        (family, source, destination, port, end) => Encoding.ASCII.GetBytes($"PROXY {family} {source} {destination} {port} {port}{end}"));

    private static readonly Gen<byte[]> ProxyBinary = Gen.Select(
        Gen.OneOf<byte>(0x20, 0x21, 0x21, 0x22), Gen.OneOf<byte>(0x00, 0x11, 0x21, 0x31, 0xFF), Gen.Byte.Array[0, 60],
        (command, family, rest) => (byte[])
            [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, command, family, 0, (byte)rest.Length, .. rest]);

    private static readonly Gen<byte[]> ProxyHeader = Gen.OneOf(ProxyLine, ProxyBinary);

    private static readonly Gen<byte[]> UdpDatagram = Gen.Select(
        Gen.Byte.Array[3], AddressField, Octets, (start, field, payload) => (byte[])[.. start, .. field, .. payload]);

    /// <summary>Input of one decoder: a message as it is, cut off, followed by more, or with one octet changed.</summary>
    internal static Gen<byte[]> Input(Message message) => Damaged(message switch
    {
        Message.Greeting => Greeting,
        Message.Credentials => Credentials,
        Message.Request or Message.Reply => Request,
        Message.Socks4Request => Socks4Request,
        Message.ProxyHeader => ProxyHeader,
        _ => UdpDatagram,
    });

    private static Gen<byte[]> Damaged(Gen<byte[]> message) => Gen.Select(
        message, Gen.Int[0, 5], Gen.UShort, Gen.Byte,
        (bytes, damage, place, octet) =>
        {
            int index = bytes.Length == 0 ? 0 : place % bytes.Length;
            return damage switch
            {
                0 => bytes[..index],
                1 => [.. bytes, octet, .. bytes],
                2 when bytes.Length > 0 => [.. bytes[..index], octet, .. bytes[(index + 1)..]],
                _ => bytes,
            };
        });

    private static Destination OfName(string name) => OfName(name, 0);

    private static Destination OfName(string name, ushort port) =>
        Protocol.Destination.TryOfName(Encoding.ASCII.GetBytes(name), port, out Destination destination) ? destination : default;

    private static byte[] Clip(string text) => Encoding.Latin1.GetBytes(text[..Math.Min(text.Length, 255)]);
}
