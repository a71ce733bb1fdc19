using System.Buffers;
using AkkaSocks.Protocol;

namespace AkkaSocks.Mitm.Sniffing;

/// <summary>What the first bytes of a client say that it speaks.</summary>
internal enum Spoken
{
    /// <summary>More bytes are needed to tell.</summary>
    NeedMore,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>HTTP/1.0 or 1.1.</summary>
    Http1,

    /// <summary>HTTP/2 without TLS, by prior knowledge (RFC 9113 §3.3).</summary>
    Http2,

    /// <summary>Something else, or what only looked like one of these.</summary>
    Other,
}

/// <summary>Tells from a client's first bytes what it speaks, and takes none of them.</summary>
internal static class FirstBytes
{
    // As long as the line of a request that Kestrel reads (ExchangeLimits).
    private const int MaxRequestLine = 64 * 1024;

    // RFC 9112 sets no limit; the longest registered method has 17 letters.
    private const int MaxMethod = 32;
    private const byte HandshakeRecord = 22;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    private static ReadOnlySpan<byte> Version => " HTTP/1."u8;

    /// <summary>The first byte is that of TLS.</summary>
    public static bool MayBeTls(ReadOnlySpan<byte> received) => received[0] == HandshakeRecord;

    /// <summary>Tells what is spoken.</summary>
    /// <param name="received">All that has come so far.</param>
    /// <param name="maxClientHello">Bytes that a ClientHello may have.</param>
    /// <param name="hello">The ClientHello, where TLS is spoken.</param>
    public static Spoken Tell(ReadOnlySequence<byte> received, int maxClientHello, out ClientHello? hello)
    {
        hello = null;
        if (received.IsEmpty)
            return Spoken.NeedMore;
        if (MayBeTls(received.FirstSpan))
        {
            return ClientHello.TryRead(received, maxClientHello, out hello) switch
            {
                DecodeStatus.Done => Spoken.Tls,
                DecodeStatus.NeedMore => Spoken.NeedMore,
                _ => Spoken.Other,
            };
        }

        var head = Start(received, Preface.Length);
        return Preface.StartsWith(head)
            ? head.Length == Preface.Length ? Spoken.Http2 : Spoken.NeedMore
            : TellHttp1(received);
    }

    /// <summary>A method, and a line that ends as one of HTTP/1 does: other protocols begin with a word in capitals as well.</summary>
    private static Spoken TellHttp1(ReadOnlySequence<byte> received)
    {
        var head = Start(received, MaxMethod + 1);
        var method = head.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') is var end and >= 0 ? end : head.Length;
        if (method == 0 || method > MaxMethod || (method < head.Length && head[method] is not ((byte)' ' or (byte)'-' or (byte)'_')))
            return Spoken.Other;
        if (received.PositionOf((byte)'\n') is not { } lineEnd)
            return received.Length > MaxRequestLine ? Spoken.Other : Spoken.NeedMore;
        var line = received.Slice(0, lineEnd).ToArray().AsSpan().TrimEnd((byte)'\r');
        return line.Length > Version.Length + 1 && line[..^1].EndsWith(Version) && line[^1] is (byte)'0' or (byte)'1'
            ? Spoken.Http1
            : Spoken.Other;
    }

    private static ReadOnlySpan<byte> Start(ReadOnlySequence<byte> received, int length)
    {
        var start = received.Slice(0, Math.Min(length, received.Length));
        return start.IsSingleSegment ? start.FirstSpan : start.ToArray();
    }
}
