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
        Dns = egress.Section("dns", Dns),
    };

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

    private enum SpecialPurpose
    {
        Deny,
        Allow,
    }
}
