using System.Globalization;
using System.Text;
using AkkaSocks.Protocol;

namespace AkkaSocks.Server.Admin;

/// <summary>A destination as an operator writes it.</summary>
internal static class DestinationText
{
    /// <summary>What is expected.</summary>
    public const string Expected = "expected HOST:PORT, such as example.com:443, 192.0.2.1:80 or [2001:db8::1]:443";

    /// <summary>Reads one.</summary>
    public static bool TryRead(string text, out Destination destination)
    {
        destination = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = text[..colon];
        var isBracketed = host is ['[', .., ']'];
        if (isBracketed != host.Contains(':', StringComparison.Ordinal))
            return false;
        return Destination.TryOfName(Encoding.UTF8.GetBytes(isBracketed ? host[1..^1] : host), port, out destination);
    }
}
