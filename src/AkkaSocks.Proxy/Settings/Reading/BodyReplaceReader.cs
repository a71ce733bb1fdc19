using System.Text.RegularExpressions;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>body-replace</c>.</summary>
internal static class BodyReplaceReader
{
    /// <summary>Reads the section.</summary>
    public static BodyReplace Read(ConfigSection replace)
    {
        if (replace.Has("text") == replace.Has("regex"))
            replace.Refuse("expected either text or regex");
        var text = replace.Has("text") ? replace.Value<string>("text", ReadText) : null;
        var regex = replace.Has("regex") ? replace.Value<Regex>("regex", ReadRegex) : null;
        return new BodyReplace(text, regex, replace.Value<string>("with", ScalarText.Read));
    }

    private static string? ReadText(string text, out string value)
    {
        value = text;
        return text.Length > 0 ? null : "text to look for";
    }

    private static string? ReadRegex(string text, out Regex value)
    {
        value = null!;
        try
        {
            // Whose bodies these are, nobody knows: what goes back over its steps can be made to do so for ever.
            value = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return text.Length > 0 ? null : "a regex";
        }
        catch (ArgumentException e)
        {
            return $"a regex: {e.Message}";
        }
        catch (NotSupportedException e)
        {
            return $"a regex without lookaround, backreferences and atomic groups: {e.Message}";
        }
    }
}
