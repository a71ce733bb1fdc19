using System.Text;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>HTTP/2 as bytes (RFC 9113 §4, RFC 7541 §6), written down here so that a test can say what no client says.</summary>
internal static class Http2Bytes
{
    public const byte Headers = 1, RstStream = 3, Continuation = 9;

    public const byte EndStream = 1, EndHeaders = 4;

    /// <summary>What a client begins with: the preface and empty SETTINGS.</summary>
    public static byte[] Preface { get; } = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(type: 4, flags: 0, stream: 0, [])];

    /// <summary>GET of a path, as literals that no table has to hold.</summary>
    public static byte[] Get(string path) => [0x82, 0x86, 0x04, .. Text(path), 0x01, .. Text("www.test")];

    /// <summary>A field that no table has to hold.</summary>
    public static byte[] Field(string name, string value) => [0, .. Text(name), .. Text(value)];

    /// <summary>A field that the receiver is to remember as the first of its table.</summary>
    public static byte[] RememberedField(string name, string value) => [0x40, .. Text(name), .. Text(value)];

    /// <summary>The field that was remembered last, in one byte.</summary>
    public const byte LastRemembered = 0x80 | 62;

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    /// <summary>RFC 7541 §5.1 and §5.2, not Huffman coded.</summary>
    private static byte[] Text(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        if (bytes.Length < 127)
            return [(byte)bytes.Length, .. bytes];
        var length = new List<byte> { 127 };
        var rest = bytes.Length - 127;
        for (; rest >= 128; rest >>= 7)
            length.Add((byte)(rest | 128));
        return [.. length, (byte)rest, .. bytes];
    }
}
