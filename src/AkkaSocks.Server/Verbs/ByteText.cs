using System.Globalization;

namespace AkkaSocks.Server.Verbs;

/// <summary>Bytes for people, in powers of a thousand as on every network: <c>512 B</c>, <c>3.4 MB</c>, <c>120 GB</c>.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>The text.</summary>
    public static string Of(double bytes)
    {
        var unit = 0;
        for (; bytes >= 999.5 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        var format = unit == 0 || bytes >= 99.95 ? "0" : "0.0";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
