using System.Globalization;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>A number of bytes as <c>512B</c>, <c>64KiB</c>, <c>2MiB</c> or <c>1GiB</c>, or that many in a second: <c>64KiB/s</c>. A
/// number without a unit is refused, and so are kB and MB, of which nobody knows how many bytes they are.</summary>
internal static class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

    /// <summary>A size in a range, at most 2 GiB less a byte.</summary>
    public static ValueReader<int> Between(int min, int max) => (string text, out int value) =>
        TryRead(text, out value) && value >= min && value <= max ? null : $"a size from {Of(min)} to {Of(max)}, such as 64KiB";

    /// <summary>A size in a range, a second.</summary>
    public static ValueReader<int> RateBetween(int min, int max) => (string text, out int value) =>
    {
        value = 0;
        return text.EndsWith("/s", StringComparison.Ordinal) && TryRead(text[..^2], out value) && value >= min && value <= max
            ? null
            : $"a rate from {Of(min)}/s to {Of(max)}/s, such as 64KiB/s";
    };

    private static bool TryRead(string text, out int value)
    {
        value = 0;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var unit = Array.Find(Units, known => known.Unit == text[digits..].TrimStart(' '));
        if (unit.Unit is null || count > int.MaxValue / unit.Bytes)
            return false;
        value = (int)(count * unit.Bytes);
        return true;
    }

    private static string Of(int value)
    {
        var unit = Array.FindLast(Units, known => value % known.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value / unit.Bytes}{unit.Unit}");
    }
}
