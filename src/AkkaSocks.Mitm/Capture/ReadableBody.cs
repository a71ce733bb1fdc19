using System.Buffers;
using System.Text;
using AkkaSocks.Mitm.Bodies;
using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Mitm.Capture;

/// <summary>A body that was captured, as somebody would read it: its content codings undone, as far as there is enough of it.</summary>
internal static class ReadableBody
{
    // Of a head of 64 KiB more is made only by what nobody would read.
    private const int MaxDecoded = 4 * 1024 * 1024, MaxRatio = 200;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes it; what cannot be decoded stays as it is.</summary>
    public static byte[] Decoded(CapturedBody body, string? contentEncoding)
    {
        var head = body.Head.ToArray();
        var decoded = new MemoryStream();
        try
        {
            using var plain = DecodedBody.TryOpen(new MemoryStream(head), contentEncoding, MaxRatio);
            if (plain is null or MemoryStream)
                return head;
            var buffer = new byte[16 * 1024];
            while (decoded.Length < MaxDecoded && plain.ReadAsync(buffer).AsTask().GetAwaiter().GetResult() is var read and > 0)
                decoded.Write(buffer, 0, read);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException)
        {
            // A head that is cut in the middle, or that never was what its field says. What came out of it is something.
            if (decoded.Length == 0)
                return head;
        }

        return decoded.ToArray();
    }

    /// <summary>Text, when the bytes are UTF-8; else null. A character that is cut at the end does not count.</summary>
    public static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        for (var cut = 0; cut < 4 && cut <= bytes.Length; cut++)
        {
            // What is no beginning of a character was not cut.
            if (cut > 0 && Rune.DecodeFromUtf8(bytes[^cut..], out _, out _) != OperationStatus.NeedMoreData)
                continue;
            try
            {
                return StrictUtf8.GetString(bytes[..^cut]);
            }
            catch (DecoderFallbackException)
            {
                // Perhaps one byte less makes whole characters.
            }
        }

        return null;
    }
}
