using System.Buffers.Binary;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// How far the first TLS record of some bytes has come, by its header alone (RFC 8446 §5.1). A handshake is only handed to
/// another thread when there is something to do, and what is no TLS is known before anybody spends time on it.
/// </summary>
internal static class TlsRecords
{
    /// <summary>The first byte of a client that speaks TLS: a record of type handshake.</summary>
    public const byte ClientHello = 0x16;

    /// <summary>Type, version, length.</summary>
    public const int HeaderLength = 5;

    private const int LongestPayload = 16 * 1024 + 256;

    /// <summary>Looks at the first record.</summary>
    /// <param name="bytes">What has arrived of it.</param>
    /// <param name="length">Header and payload together, as far as that is known; else 0.</param>
    public static TlsRecordStatus Peek(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length > 0 && bytes[0] is < 0x14 or > 0x17)
            return TlsRecordStatus.Malformed;
        if (bytes.Length > 1 && bytes[1] != 3)
            return TlsRecordStatus.Malformed;
        if (bytes.Length < HeaderLength)
            return TlsRecordStatus.Incomplete;
        var payload = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (payload > LongestPayload)
            return TlsRecordStatus.Malformed;
        length = HeaderLength + payload;
        return bytes.Length < length ? TlsRecordStatus.Incomplete : TlsRecordStatus.Complete;
    }

    /// <summary>The length of all records at the front that are complete.</summary>
    public static int Whole(ReadOnlySpan<byte> bytes)
    {
        var whole = 0;
        while (Peek(bytes[whole..], out var length) == TlsRecordStatus.Complete)
            whole += length;
        return whole;
    }
}

/// <summary>What <see cref="TlsRecords.Peek"/> found.</summary>
internal enum TlsRecordStatus : byte
{
    /// <summary>More must come.</summary>
    Incomplete,

    /// <summary>One record at least is there.</summary>
    Complete,

    /// <summary>This is no TLS.</summary>
    Malformed,
}
