using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>A node's host as others are to call it: <c>10.0.0.1</c>, <c>node-1.example</c>, <c>fd00::1</c>; with a port
/// <c>10.0.0.1:4053</c>, <c>node-1:4053</c>, <c>[fd00::1]:4053</c>. Nodes compare such texts letter by letter.</summary>
internal static class HostText
{
    // RFC 1035 §2.3.4.
    private const int MaxLength = 253;

    /// <summary>A host.</summary>
    public static string? Read(string text, out string value)
    {
        value = text;
        return IsName(text) || IsIPv6(text) ? null : "a host name or an IP address, such as 10.0.0.1";
    }

    /// <summary>A host and a port.</summary>
    public static string? ReadWithPort(string text, out HostAndPort value)
    {
        value = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return "a host and a port such as 10.0.0.1:4053";
        var host = text[..colon];
        var isIPv6 = host is ['[', .. var inner, ']'] && IsIPv6(host = inner);
        value = new HostAndPort(host, port);
        return isIPv6 || IsName(host) ? null : "a host and a port such as 10.0.0.1:4053 or [fd00::1]:4053";
    }

    // An IPv4 address is of the same letters.
    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxLength && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static bool IsIPv6(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !text.Contains('[');
}
