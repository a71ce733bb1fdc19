using System.Globalization;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>A size as <c>64KiB</c>, <c>100MiB</c> or <c>1GiB</c>. A number without a unit is refused.</summary>
internal static class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units = [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30)];

    /// <summary>A size from 64 KiB to 1 TiB, or <c>unlimited</c>, which is null.</summary>
    public static string? ReadOrUnlimited(string text, out long? value)
    {
        value = null;
        if (text == "unlimited")
            return null;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = Array.Find(Units, known => digits > 0 && known.Unit == text[digits..].TrimStart(' '));
        if (unit.Unit is null || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > (1L << 40) / unit.Bytes || count * unit.Bytes < 64 << 10)
            return "unlimited or a size from 64KiB to 1024GiB such as 100MiB";
        value = count * unit.Bytes;
        return null;
    }
}
