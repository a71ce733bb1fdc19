using System.Globalization;
using System.Text;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>The three ways in which HOCON writes text. <c>${…}</c> inside quotes is plain text: a PHC string is full of <c>$</c>, and
/// nobody should have to escape it.</summary>
internal static class HoconStrings
{
    private const string NeedsQuotes = "$\"{}[]:=,+#`^?!@*&\\";
    private const string TripleQuote = "\"\"\"";

    /// <summary>Takes text without quotes; empty when the next character cannot stand without them.</summary>
    public static string TakeUnquoted(this HoconCursor cursor) =>
        cursor.TakeWhile(c => !NeedsQuotes.Contains(c) && !char.IsWhiteSpace(c) && !cursor.IsAtComment);

    /// <summary>Takes one name of an unquoted path: as text, and no dot.</summary>
    public static string TakeUnquotedName(this HoconCursor cursor) =>
        cursor.TakeWhile(c => c != '.' && !NeedsQuotes.Contains(c) && !char.IsWhiteSpace(c) && !cursor.IsAtComment);

    /// <summary>Takes text in quotes, of one kind or the other.</summary>
    /// <exception cref="HoconSyntaxException">The quotes are not closed, or an escape means nothing.</exception>
    public static string TakeQuoted(this HoconCursor cursor)
    {
        var line = cursor.Line;
        if (cursor.TryTake(TripleQuote))
            return cursor.TakeTripleQuoted(line);

        cursor.Take();
        var text = new StringBuilder();
        while (cursor.Next != '"')
        {
            if (cursor.AtEnd || cursor.Next == '\n')
                throw new HoconSyntaxException(line, "the quote opened on this line is not closed on it");
            text.Append(cursor.Next == '\\' ? cursor.TakeEscape() : cursor.Take());
        }

        cursor.Take();
        return text.ToString();
    }

    private static string TakeTripleQuoted(this HoconCursor cursor, int line)
    {
        var text = new StringBuilder();
        while (!cursor.TryTake(TripleQuote))
        {
            if (cursor.AtEnd)
                throw new HoconSyntaxException(line, "the \"\"\" opened on this line is never closed");
            text.Append(cursor.Take());
        }

        return text.ToString();
    }

    private static char TakeEscape(this HoconCursor cursor)
    {
        cursor.Take();
        if (cursor.AtEnd)
            throw new HoconSyntaxException(cursor.Line, "the text ends inside a quote");
        var line = cursor.Line;
        var escape = cursor.Take();
        return escape switch
        {
            '"' or '\\' or '/' => escape,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => cursor.TakeCodeUnit(line),
            _ => throw new HoconSyntaxException(line, $"{HoconQuote.Of("\\" + escape)} is no escape; write \\\\ for a backslash"),
        };
    }

    private static char TakeCodeUnit(this HoconCursor cursor, int line)
    {
        var taken = 0;
        var digits = cursor.TakeWhile(c => char.IsAsciiHexDigit(c) && taken++ < 4);
        return digits.Length == 4
            ? (char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new HoconSyntaxException(line, "\\u needs four hexadecimal digits");
    }
}
