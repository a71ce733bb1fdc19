using System.Buffers;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Names and values of HTTP fields (RFC 9110 §5), and methods, which are made of the same letters.</summary>
internal static class FieldText
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // What frames a message or belongs to one hop: HTTP itself sets these, and two of them are a smuggled request.
    private static readonly HashSet<string> OfHttp = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>A field's name.</summary>
    public static string? ReadName(string text, out string value)
    {
        value = text;
        return !IsToken(text) ? "the name of a field, such as X-Env" : null;
    }

    /// <summary>The name of a field that may be changed.</summary>
    public static string? ReadEditableName(string text, out string value) =>
        ReadName(text, out value) is { } expected ? expected
            : OfHttp.Contains(text) ? $"a field other than {text}, which HTTP sets by itself"
            : null;

    /// <summary>A field's value.</summary>
    public static string? ReadValue(string text, out string value)
    {
        value = text;
        return text.All(letter => letter is >= ' ' and not '\x7f' and <= '\xff' or '\t') ? null : "text of one line, in Latin-1";
    }

    /// <summary>A method.</summary>
    public static string? ReadMethod(string text, out string value)
    {
        value = text;
        return IsToken(text) ? null : "a method such as GET";
    }

    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Token);
}
