using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>
/// Which names may be looked up. The list says what is allowed, not what is forbidden: the letters, digits and hyphens of
/// RFC 1123 §2.1, and the underscore seen in practice.
/// </summary>
/// <remarks>
/// What it keeps away: NUL, at which the system's resolver stops reading; line ends and escapes in logs; the separators
/// of URIs and rules; and all beyond ASCII, because mapping it (IDNA) turns full-width digits and dots into 127.0.0.1
/// after the rules were asked. Clients send internationalised names as <c>xn--</c> labels, which pass.
/// </remarks>
internal static class DomainName
{
    /// <summary>Characters of the longest name in text form, without the final dot (RFC 1035 §2.3.4).</summary>
    private const int MaxLength = 253;

    /// <summary>Characters of the longest label (RFC 1035 §2.3.4).</summary>
    private const int MaxLabelLength = 63;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."u8);

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Takes a name, in lower case and without its one final dot.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (octets.EndsWith("."u8))
            octets = octets[..^1];
        if (octets.Length > MaxLength || octets.ContainsAnyExcept(Allowed))
            return false;

        ReadOnlySpan<byte> label = default;
        foreach (Range range in octets.Split((byte)'.'))
        {
            label = octets[range];
            if (label.Length is 0 or > MaxLabelLength)
                return false;
        }

        if (IsNumber(label))
            return false;

        Span<char> lower = stackalloc char[MaxLength];
        Ascii.ToLower(octets, lower, out int length);
        name = new string(lower[..length]);
        return true;
    }

    /// <summary>
    /// Whether the last label makes the whole an IPv4 address to resolvers and URL parsers (WHATWG URL, "ends in a number"):
    /// 127.1, 2130706433, 0x7f.1, 0177.0.0.01, and 127.0.0.1 with a final dot.
    /// </summary>
    private static bool IsNumber(ReadOnlySpan<byte> label) =>
        !label.ContainsAnyExceptInRange((byte)'0', (byte)'9')
        || ((label.StartsWith("0x"u8) || label.StartsWith("0X"u8)) && !label[2..].ContainsAnyExcept(HexDigits));
}
