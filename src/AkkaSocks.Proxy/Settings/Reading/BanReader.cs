using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.auth.bans</c>.</summary>
internal static class BanReader
{
    private static readonly ValueReader<int?> Failures = ScalarText.ReadCountOrUnlimited(1, 1_000_000);
    private static readonly ValueReader<TimeSpan> Span = DurationText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365));

    /// <summary>Reads the section.</summary>
    public static BanSettings Read(ConfigSection bans) => new()
    {
        Window = bans.Value("window", Span),
        FailuresPerUserAtAddress = bans.Value("failures-per-user-at-address", Failures),
        FailuresPerAddress = bans.Value("failures-per-address", Failures),
        FailuresPerUser = bans.Value("failures-per-user", Failures),
        Duration = bans.Value("duration", Span),
        KnownAddressTtl = bans.Value("known-address-ttl", Span),
        Exempt = bans.List<IPNetwork>("exempt", "[\"10.0.0.5/32\"]", NetworkText.Read),
        MaxEntries = bans.Value("max-entries", ScalarText.ReadCount(1, 10_000_000)),
    };
}
