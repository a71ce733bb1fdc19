using System.Buffers;
using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>
/// Bytes from a client made fit for logs, terminals and pages: printable ASCII stays, all else becomes <c>\xNN</c>, so one
/// record stays one line and different bytes never look alike.
/// </summary>
/// <remarks>
/// A space is escaped too, so that a value cannot imitate the next field of its line, and the backslash is doubled. What
/// exceeds 255 bytes is cut and ends in <c>...</c>.
/// </remarks>
public static class EscapedText
{
    /// <summary>Bytes shown: as many as the longest field of SOCKS5 has.</summary>
    private const int MaxShown = byte.MaxValue;

    private const int CharsPerByte = 4;
    private const string Cut = "...";

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c != '\\')]);

    /// <summary>The escaped form of these bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[(MaxShown * CharsPerByte) + Cut.Length];
        int length = 0;
        foreach (byte octet in bytes[..Math.Min(bytes.Length, MaxShown)])
        {
            if (octet == '\\')
            {
                text[length++] = '\\';
                text[length++] = '\\';
            }
            else if (octet is >= (byte)'!' and <= (byte)'~')
            {
                text[length++] = (char)octet;
            }
            else
            {
                text[length++] = '\\';
                text[length++] = 'x';
                text[length++] = HexDigit(octet >> 4);
                text[length++] = HexDigit(octet & 0xF);
            }
        }

        if (bytes.Length > MaxShown)
        {
            Cut.CopyTo(text[length..]);
            length += Cut.Length;
        }

        return new string(text[..length]);
    }

    /// <summary>The escaped form of this text's UTF-8 bytes.</summary>
    public static string Of(string text)
    {
        if (text.Length <= MaxShown && !text.AsSpan().ContainsAnyExcept(Plain))
            return text;

        // One char is at least one byte: so many chars always reach past what is shown, and the rest need not be encoded.
        ReadOnlySpan<char> start = text.AsSpan(0, Math.Min(text.Length, MaxShown + 1));
        Span<byte> bytes = stackalloc byte[(MaxShown + 1) * 3];
        return Of(bytes[..Encoding.UTF8.GetBytes(start, bytes)]);
    }

    private static char HexDigit(int value) => "0123456789abcdef"[value];
}
