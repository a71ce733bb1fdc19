using System.Globalization;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>The plain kinds of value: text, on or off, one of a set, a whole number.</summary>
internal static class ScalarText
{
    /// <summary>Any text.</summary>
    public static string? Read(string text, out string value)
    {
        value = text;
        return null;
    }

    /// <summary><c>on</c> or <c>off</c>, and the other words HOCON has for them.</summary>
    public static string? ReadFlag(string text, out bool value)
    {
        value = text is "on" or "true" or "yes";
        return value || text is "off" or "false" or "no" ? null : "on or off";
    }

    /// <summary>A member of a closed set, in kebab case.</summary>
    public static string? ReadName<T>(string text, out T value)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(KebabCase.Of).ToArray();
        var index = Array.IndexOf(names, text);
        value = index < 0 ? default : Enum.GetValues<T>()[index];
        return index >= 0 ? null
            : names.Length == 1 ? names[0]
            : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    /// <summary>A whole number in a range.</summary>
    public static ValueReader<int> ReadCount(int min, int max) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
            ? null
            : $"a whole number from {min} to {max}";

    /// <summary>A path, or <c>auto</c>.</summary>
    public static ValueReader<string> ReadPathOrAuto(string auto) => (string text, out string value) =>
    {
        value = text == "auto" ? auto : text;
        return text.Length > 0 && !text.Contains('\0') ? null : "auto or a path";
    };

    /// <summary>A whole number in a range, or <c>auto</c>.</summary>
    public static ValueReader<int> ReadCountOrAuto(int min, int max, int auto) => (string text, out int value) =>
    {
        value = auto;
        return text == "auto" ? null
            : ReadCount(min, max)(text, out value) is { } expected ? $"auto or {expected}"
            : null;
    };

    /// <summary>A whole number in a range, or <c>unlimited</c>, which is null.</summary>
    public static ValueReader<int?> ReadCountOrUnlimited(int min, int max) => (string text, out int? value) =>
    {
        value = null;
        if (text == "unlimited")
            return null;
        var expected = ReadCount(min, max)(text, out var count);
        value = count;
        return expected is null ? null : $"unlimited or {expected}";
    };
}
