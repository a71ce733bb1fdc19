using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary><c>10.0.0.0/8</c> or <c>fd00::/8</c>. Bits beyond the prefix are refused: whoever wrote <c>10.1.2.3/8</c> meant either the
/// address or the network, and one of the two opens more than was meant.</summary>
internal static class NetworkText
{
    /// <summary>A network.</summary>
    public static string? Read(string text, out IPNetwork value)
    {
        value = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address) || text[0] == '['
            || !byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > address.GetAddressBytes().Length * 8
            || address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text[..slash])
            return "a network such as 10.0.0.0/8 or fd00::/8";

        var network = Masked(address, prefix);
        if (!network.Equals(address))
            return $"a network without bits beyond its prefix: {network}/{prefix}, or {address}/{address.GetAddressBytes().Length * 8}";
        value = new IPNetwork(address, prefix);
        return null;
    }

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPAddress(bytes);
    }
}
