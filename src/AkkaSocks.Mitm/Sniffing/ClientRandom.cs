using System.Buffers.Binary;

namespace AkkaSocks.Mitm.Sniffing;

/// <summary>What a client made up for one handshake (RFC 8446 §4.1.2): 32 bytes, which name its secrets in a key log.</summary>
/// <param name="Start">The first 16 bytes, big-endian.</param>
/// <param name="Rest">The others.</param>
internal readonly record struct ClientRandom(UInt128 Start, UInt128 Rest)
{
    /// <summary>Bytes that it has.</summary>
    public const int Length = 32;

    // Of a ClientHello: record header, message header, version.
    private const int BytesBefore = 5 + 4 + 2;

    /// <summary>Reads its bytes, of which there are enough.</summary>
    public static ClientRandom Of(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[(Length / 2)..]));

    /// <summary>That of a ClientHello whose record is as OpenSSL writes it: not in pieces.</summary>
    /// <param name="record">The record.</param>
    public static ClientRandom OfHello(ReadOnlySpan<byte> record) => Of(record[BytesBefore..]);
}
