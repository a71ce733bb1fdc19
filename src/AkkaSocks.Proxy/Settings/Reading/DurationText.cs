using System.Globalization;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>A span of time as <c>250ms</c>, <c>10s</c>, <c>15m</c>, <c>2h</c> or <c>1d</c>. A number without a unit is refused, since
/// seconds and milliseconds are both expected by somebody; only <c>0</c> needs none.</summary>
internal static class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>A span in a range.</summary>
    public static ValueReader<TimeSpan> Between(TimeSpan min, TimeSpan max) => (string text, out TimeSpan value) =>
        !TryRead(text, out value) ? "a duration such as 250ms, 10s or 15m"
            : value < min || value > max ? $"a duration from {Of(min)} to {Of(max)}"
            : null;

    /// <summary>A span in a range, or zero, which means never.</summary>
    public static ValueReader<TimeSpan> BetweenOrNever(TimeSpan min, TimeSpan max) => (string text, out TimeSpan value) =>
        !TryRead(text, out value) ? "a duration such as 30s, 15m or 0 (never)"
            : value != TimeSpan.Zero && (value < min || value > max) ? $"a duration from {Of(min)} to {Of(max)}, or 0 (never)"
            : null;

    private static bool TryRead(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text == "0")
            return true;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = Array.Find(Units, known => digits > 0 && known.Unit == text[digits..].TrimStart(' '));
        if (unit.Unit is null
            || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > TimeSpan.MaxValue.Ticks / unit.Length.Ticks)
            return false;
        value = TimeSpan.FromTicks(count * unit.Length.Ticks);
        return true;
    }

    private static string Of(TimeSpan value)
    {
        var unit = Array.FindLast(Units, known => value.Ticks % known.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / unit.Length.Ticks}{unit.Unit}");
    }
}
