using System.Text;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>Text in quotes, as HOCON and JSON write it. Control characters are escaped, so that a terminal never obeys them.</summary>
internal static class HoconQuote
{
    /// <summary>The text in double quotes.</summary>
    public static string Of(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
