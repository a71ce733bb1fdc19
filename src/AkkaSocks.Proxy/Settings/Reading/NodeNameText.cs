namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>The name of a node: it stands in log lines, metric labels and addresses, so it is a host name's kind of word.</summary>
internal static class NodeNameText
{
    // RFC 1035 §2.3.4: the longest name without its trailing dot.
    private const int MaxLength = 253;

    /// <summary>A name.</summary>
    public static string? Read(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? null
            : "a name of letters, digits, '.', '-' and '_'";
    }
}
