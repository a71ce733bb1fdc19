using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary><c>127.0.0.1:1080</c> or <c>[::1]:1080</c>. No host names: what one stands for may change between a check and a start, and
/// an address family would be chosen in silence. No short forms of IPv4 such as <c>127.1</c>.</summary>
internal static class EndpointText
{
    // RFC 1035 §4.2.
    private const int DnsPort = 53;

    /// <summary>An address with a port from 0, which lets the system choose, to 65535.</summary>
    public static string? Read(string text, out IPEndPoint value) =>
        TryRead(text, out value) ? null : "an IP address and a port such as 127.0.0.1:1080 or [::1]:1080";

    /// <summary>The address of a name server, whose port may be left out.</summary>
    public static string? ReadNameServer(string text, out IPEndPoint value)
    {
        if (TryReadIPv4(text, out var address) || TryReadIPv6(text, out address))
        {
            value = new IPEndPoint(address, DnsPort);
            return null;
        }

        return TryRead(text, out value) && value.Port != 0 ? null : "an IP address, with or without a port, such as 9.9.9.9 or [2620:fe::fe]:53";
    }

    /// <summary>An address to be named to clients, or "", which is null.</summary>
    public static string? ReadAddressOrNone(string text, out IPAddress? value)
    {
        value = null;
        return text.Length == 0 || TryReadIPv4(text, out value!) || TryReadIPv6(text, out value!)
            ? null
            : "an IP address such as 198.51.100.7, or \"\"";
    }

    private static bool TryRead(string text, out IPEndPoint value)
    {
        var colon = text.LastIndexOf(':');
        value = new IPEndPoint(IPAddress.None, 0);
        if (colon < 0 || !TryReadHost(text[..colon], out var address)
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        value = new IPEndPoint(address, port);
        return true;
    }

    private static bool TryReadHost(string text, out IPAddress address)
    {
        address = IPAddress.None;
        return text is ['[', .. var inner, ']']
            ? TryReadIPv6(inner, out address)
            : TryReadIPv4(text, out address);
    }

    // IPAddress accepts 127.1, 0x7f.1 and 2130706433 too; writing it back shows whether it was the usual form.
    private static bool TryReadIPv4(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    // IPAddress accepts an address in brackets with a port as an address, and forgets the port.
    private static bool TryReadIPv6(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && address.AddressFamily == AddressFamily.InterNetworkV6 && !text.Contains('[');
}
