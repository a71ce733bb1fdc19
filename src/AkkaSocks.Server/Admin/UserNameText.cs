using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using AkkaSocks.Protocol;

namespace AkkaSocks.Server.Admin;

/// <summary>
/// A user's name as text and in a path. The protocol takes any bytes; what operators give to users is text, without what a
/// terminal or a log would obey.
/// </summary>
internal static class UserNameText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0)
            return "a name has at least one character";
        if (name is "." or "..")
            return "a name that stands in a path cannot be . or ..";
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is
                UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return "a name has no control characters and is valid Unicode";
        }

        return Encoding.UTF8.GetByteCount(name) > UserName.MaxLength
            ? $"a name has at most {UserName.MaxLength} bytes in UTF-8, as many as RFC 1929 can carry"
            : null;
    }

    /// <summary>Reads a name from the query or the command line.</summary>
    public static bool TryRead(string text, out UserName name, [NotNullWhen(false)] out string? problem)
    {
        problem = Problem(text);
        name = problem is null ? UserName.FromText(text) : default;
        return problem is null;
    }

    /// <summary>Reads a name that is the last segment of a path, from the request's own bytes: what a server makes of a path no
    /// longer tells <c>%2F</c> from <c>%252F</c>.</summary>
    /// <param name="target">The request target, its query included.</param>
    /// <param name="name">The name.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryReadLastSegment(string target, out UserName name, [NotNullWhen(false)] out string? problem)
    {
        name = default;
        problem = "a name in a path is percent-encoded UTF-8";
        var path = target.AsSpan(0, target.AsSpan().IndexOf('?') is var query and >= 0 ? query : target.Length);
        return TryDecode(path[(path.LastIndexOf('/') + 1)..], out var text) && TryRead(text, out name, out problem);
    }

    private static bool TryDecode(ReadOnlySpan<char> segment, out string text)
    {
        text = "";
        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (!char.IsAscii(segment[i]))
            {
                return false;
            }
            else if (segment[i] != '%')
            {
                bytes.Add((byte)segment[i]);
            }
            else if (i + 2 < segment.Length
                && byte.TryParse(segment.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out var octet))
            {
                bytes.Add(octet);
                i += 2;
            }
            else
            {
                return false;
            }
        }

        try
        {
            text = StrictUtf8.GetString([.. bytes]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
