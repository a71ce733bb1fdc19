using System.Globalization;
using System.Text;

namespace AkkaSocks.Server.Verbs;

/// <summary>Text of lines for a terminal: what would steer it, or cannot be seen, becomes <c>\u{…}</c>; further lines are indented.</summary>
internal static class TerminalText
{
    private const string Indent = "\n    ";

    /// <summary>The text as it is shown.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value == '\n')
                shown.Append(Indent);
            else if (IsUnseen(Rune.GetUnicodeCategory(rune)))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else
                shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    private static bool IsUnseen(UnicodeCategory category) => category
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
