using System.Globalization;
using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.udp</c>.</summary>
internal static class UdpReader
{
    private static readonly ValueReader<TimeSpan> TimeoutOrNever =
        DurationText.BetweenOrNever(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(30));

    /// <summary>Reads the section.</summary>
    public static UdpSettings Read(ConfigSection udp) => new()
    {
        Enabled = udp.Value<bool>("enabled", ScalarText.ReadFlag),
        AdvertisedAddress = udp.Value<IPAddress?>("advertised-address", ReadAddress),
        Ports = udp.Value<PortRange?>("ports", ReadPorts),
        StrictPort = udp.Value<bool>("strict-port", ScalarText.ReadFlag),
        FullCone = udp.Value<bool>("full-cone", ScalarText.ReadFlag),
        DenyAmplifiers = udp.Value<Amplifiers>("amplifiers", ScalarText.ReadName) == Amplifiers.Deny,
        IdleTimeout = udp.Value("idle-timeout", TimeoutOrNever),
        DestinationIdleTimeout = udp.Value(
            "destination-idle-timeout", DurationText.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1))),
        MaxAssociationsPerUser = udp.Value("max-associations-per-user", ScalarText.ReadCountOrUnlimited(1, 1_000_000)),
        MaxDestinations = udp.Value("max-destinations", ScalarText.ReadCount(1, 1_000_000)),
        MaxLookups = udp.Value("max-lookups", ScalarText.ReadCount(1, 1000)),
        PacketsPerSecond = udp.Value("packets-per-second", ScalarText.ReadCountOrUnlimited(1, int.MaxValue)),
        BytesPerSecond = udp.Value("bytes-per-second", ScalarText.ReadCountOrUnlimited(1, int.MaxValue)),
    };

    private static string? ReadAddress(string text, out IPAddress? value)
    {
        value = null;
        return text.Length == 0 || (IPAddress.TryParse(text, out value) && value.ToString() == text)
            ? null
            : "an IP address such as 198.51.100.7, or \"\" for that of the client's connection";
    }

    private static string? ReadPorts(string text, out PortRange? value)
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

    private enum Amplifiers
    {
        Deny,
        Allow,
    }
}
