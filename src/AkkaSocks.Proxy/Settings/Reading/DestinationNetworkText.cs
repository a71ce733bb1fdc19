using System.Globalization;
using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary><c>10.1.0.0/16:25</c> or <c>fd00::/8:25</c>; without a port, every port.</summary>
internal static class DestinationNetworkText
{
    /// <summary>A network, with or without a port.</summary>
    public static string? Read(string text, out DestinationNetwork value)
    {
        value = default;
        var slash = text.IndexOf('/');
        var colon = slash < 0 ? -1 : text.IndexOf(':', slash);
        int? port = null;
        if (colon >= 0)
        {
            if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                return "a network with or without a port such as 10.1.0.0/16:25";
            port = number;
        }

        var problem = NetworkText.Read(colon < 0 ? text : text[..colon], out IPNetwork network);
        value = new DestinationNetwork(network, port);
        return problem;
    }
}
