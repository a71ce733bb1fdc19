using System.Globalization;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>A number of bytes as <c>512B</c>, <c>64KiB</c>, <c>2MiB</c> or <c>1GiB</c>, or that many in a second: <c>64KiB/s</c>. A
/// number without a unit is refused, and so are kB and MB, of which nobody knows how many bytes they are.</summary>
internal static class SizeText
{
    private const long MaxFile = 1L << 40, MinFile = 64 << 10;

    private static readonly (string Unit, long Bytes)[] Units = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

    /// <summary>A size in a range, at most 2 GiB less a byte.</summary>
    public static ValueReader<int> Between(int min, int max) => (string text, out int value) =>
        TryRead(text, min, max, out value) ? null : $"a size from {Of(min)} to {Of(max)}, such as 64KiB";

    /// <summary>A size in a range, a second.</summary>
    public static ValueReader<int> RateBetween(int min, int max) => (string text, out int value) =>
    {
        value = 0;
        return text.EndsWith("/s", StringComparison.Ordinal) && TryRead(text[..^2], min, max, out value)
            ? null
            : $"a rate from {Of(min)}/s to {Of(max)}/s, such as 64KiB/s";
    };

    /// <summary>A file's size from 64 KiB to 1 TiB, or <c>unlimited</c>, which is null.</summary>
    public static string? ReadOrUnlimited(string text, out long? value)
    {
        value = null;
        if (text == "unlimited")
            return null;
        if (!TryRead(text, out var size) || size is < MinFile or > MaxFile)
            return "unlimited or a size from 64KiB to 1024GiB such as 100MiB";
        value = size;
        return null;
    }

    private static bool TryRead(string text, int min, int max, out int value)
    {
        var isInRange = TryRead(text, out var size) && size >= min && size <= max;
        value = isInRange ? (int)size : 0;
        return isInRange;
    }

    private static bool TryRead(string text, out long value)
    {
        value = 0;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var unit = Array.Find(Units, known => known.Unit == text[digits..].TrimStart(' '));
        if (unit.Unit is null || count > long.MaxValue / unit.Bytes)
            return false;
        value = count * unit.Bytes;
        return true;
    }

    private static string Of(int value)
    {
        var unit = Array.FindLast(Units, known => value % known.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value / unit.Bytes}{unit.Unit}");
    }
}
