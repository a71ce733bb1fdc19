using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.egress</c>.</summary>
internal static class EgressReader
{
    /// <summary>Reads the section.</summary>
    public static EgressSettings Read(ConfigSection egress) => new()
    {
        DenySpecialPurpose = egress.Value<SpecialPurpose>("special-purpose", ScalarText.ReadName) == SpecialPurpose.Deny,
        Allow = egress.List<IPNetwork>("allow", "[\"10.0.0.0/8\"]", NetworkText.Read),
        // RFC 8305 §8: never less than 10 ms; more than 2 s helps nobody.
        AttemptDelay = egress.Value("attempt-delay", DurationText.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(2))),
        HideBoundAddress = egress.Value<bool>("hide-bound-address", ScalarText.ReadFlag),
        ProxyProtocol = egress.Entries("proxy-protocol", defaults: null, (_, entry) => Introduction(entry)),
        Dns = egress.Section("dns", Dns),
    };

    private static IntroductionSettings Introduction(ConfigSection entry)
    {
        var to = entry.List<DestinationNetwork>("to", "[\"10.1.0.0/16:25\"]", DestinationNetworkText.Read);
        if (to.IsEmpty)
            entry.Refuse("to", "expected at least one, as in [\"10.1.0.0/16:25\"]");
        return new IntroductionSettings(to, entry.Value<HeaderVersion>("version", ScalarText.ReadName) == HeaderVersion.V1 ? 1 : 2);
    }

    private static DnsSettings Dns(ConfigSection dns) => new()
    {
        Servers = dns.List<IPEndPoint>("servers", "[\"9.9.9.9\"]", EndpointText.ReadNameServer),
        HostsFile = dns.Value<string>("hosts-file", ScalarText.Read),
        Timeout = dns.Value("timeout", DurationText.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5))),
        MaxLookups = dns.Value("max-lookups", ScalarText.ReadCount(1, 1_000_000)),
        MaxWaiting = dns.Value("max-waiting", ScalarText.ReadCount(0, 1_000_000)),
        Cache = dns.Value<bool>("cache", ScalarText.ReadFlag),
        CacheMaxEntries = dns.Value("cache-max-entries", ScalarText.ReadCount(1, 10_000_000)),
    };

    private enum HeaderVersion
    {
        V1,
        V2,
    }

    private enum SpecialPurpose
    {
        Deny,
        Allow,
    }
}
