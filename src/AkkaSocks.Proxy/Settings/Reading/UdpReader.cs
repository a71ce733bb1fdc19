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
        AdvertisedAddress = udp.Value<IPAddress?>("advertised-address", EndpointText.ReadAddressOrNone),
        Ports = udp.Value<PortRange?>("ports", PortRangeText.Read),
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
        PacketsPerSecondToDestination = udp.Value("packets-per-second-to-destination", ScalarText.ReadCountOrUnlimited(1, int.MaxValue)),
    };

    private enum Amplifiers
    {
        Deny,
        Allow,
    }
}
