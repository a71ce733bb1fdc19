using System.Globalization;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary><c>40000-40999</c>, or <c>any</c>, which is null.</summary>
internal static class PortRangeText
{
    /// <summary>A range of ports.</summary>
    public static string? Read(string text, out PortRange? value)
    {
        value = null;
        if (text == "any")
            return null;
        var ends = text.Split('-', 2);
        if (ends.Length == 2 && TryReadPort(ends[0], out var first) && TryReadPort(ends[1], out var last) && first <= last)
        {
            value = new PortRange(first, last);
            return null;
        }

        return "any, or ports from one to another such as 40000-40999";
    }

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
}
