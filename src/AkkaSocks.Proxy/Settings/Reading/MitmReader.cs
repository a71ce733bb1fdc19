using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.mitm</c>.</summary>
internal static class MitmReader
{
    // Chromium and Apple refuse certificates that are valid for more than 200 days; ours begin two days back (Certificates/Leaf).
    private static readonly ValueReader<TimeSpan> Validity = DurationText.Between(TimeSpan.FromDays(1), TimeSpan.FromDays(197));

    /// <summary>Reads the section.</summary>
    /// <param name="mitm">The section.</param>
    /// <param name="dataDirectory">Where <c>auto</c> puts the authority.</param>
    public static MitmSettings Read(ConfigSection mitm, string dataDirectory)
    {
        var enabled = mitm.Value<bool>("enabled", ScalarText.ReadFlag);
        var sniff = mitm.Section("sniff", sniff => (
            Timeout: sniff.Value("timeout", DurationText.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1))),
            MaxClientHello: sniff.Value("max-client-hello", ScalarText.ReadCount(1024, 65_536)),
            OnUnknown: sniff.Value<Unopened>("on-unknown", ScalarText.ReadName)));
        var leaf = mitm.Section("leaf", leaf => (
            Validity: leaf.Value("validity", Validity),
            CacheSize: leaf.Value("cache-size", ScalarText.ReadCount(1, 1_000_000))));
        return new MitmSettings
        {
            Enabled = enabled,
            OnEngineFailure = mitm.Value<Unopened>("on-engine-failure", ScalarText.ReadName),
            Scope = mitm.Section("scope", scope => Scope(scope, enabled)),
            SniffTimeout = sniff.Timeout,
            MaxClientHello = sniff.MaxClientHello,
            OnUnknown = sniff.OnUnknown,
            Ca = mitm.Section("ca", ca => Ca(ca, dataDirectory)),
            LeafValidity = leaf.Validity,
            LeafCacheSize = leaf.CacheSize,
            Origins = mitm.Section("upstream", Origins),
            KeyLog = mitm.Value<string>("key-log", ScalarText.Read),
            Pinning = mitm.Section("pinning", Pinning),
            Exchanges = ExchangeReader.Read(mitm),
        };
    }

    private static MitmScopeSettings Scope(ConfigSection scope, bool enabled)
    {
        var settings = new MitmScopeSettings
        {
            Include = scope.List<HostPattern>("include", "[\"*.example.test\"]", HostPatternText.Read),
            Exclude = scope.List<HostPattern>("exclude", "[\"*.bank.test\"]", HostPatternText.Read),
            Users = scope.List<string>("users", "[alice, bob]", ScalarText.Read),
            Ports = scope.List<PortRange>("ports", "[80, 443]", ReadPorts),
        };

        // There is no everything by default: whoever looks into other people's traffic says whose.
        if (enabled && settings.Include.IsEmpty)
            scope.Refuse("include", "whose traffic is to be looked into must be said, as in [\"*.example.test\"]");
        return settings;
    }

    private static MitmCaSettings Ca(ConfigSection ca, string dataDirectory)
    {
        var settings = new MitmCaSettings
        {
            Directory = ca.Value("dir", ScalarText.ReadPathOrAuto(Path.Combine(dataDirectory ?? "", "ca"))),
            Certificate = ca.Value<string>("certificate", ScalarText.Read),
            Key = ca.Value<string>("key", ScalarText.Read),
            AutoCreate = ca.Value<bool>("auto-create", ScalarText.ReadFlag),
        };
        if (settings.Certificate is { Length: > 0 } != settings.Key is { Length: > 0 })
            ca.Refuse(settings.Key is { Length: > 0 } ? "certificate" : "key", "certificate and key go together");
        return settings;
    }

    private static MitmOriginSettings Origins(ConfigSection origins) => new()
    {
        Verify = origins.Value<bool>("verify", ScalarText.ReadFlag),
        ExtraRoots = origins.List<string>("extra-roots", "[\"/etc/akkasocks/roots.pem\"]", ReadRoots),
        OnInvalidCertificate = origins.Value<InvalidCertificate>("on-invalid-cert", ScalarText.ReadName),
    };

    private static PinningSettings Pinning(ConfigSection pinning) => new()
    {
        Learn = pinning.Value<bool>("learn", ScalarText.ReadFlag),
        Ttl = pinning.Value("ttl", DurationText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365))),
        SilentFailures = pinning.Value("silent-failures", ScalarText.ReadCount(1, 1000)),
        MaxEntries = pinning.Value("max-entries", ScalarText.ReadCount(1, 1_000_000)),
    };

    private static string? ReadRoots(string text, out string value)
    {
        value = text;
        if (!File.Exists(text))
            return "the path of a PEM file with certificates; there is no such file";
        try
        {
            X509Certificate2Collection roots = [];
            roots.ImportFromPemFile(text);
            return roots.Count > 0 ? null : "the path of a PEM file with certificates";
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"the path of a PEM file with certificates; {e.Message}";
        }
    }

    private static string? ReadPorts(string text, out PortRange value)
    {
        var ends = text.Split('-', 2);
        var isRead = TryReadPort(ends[0], out var first) & TryReadPort(ends[^1], out var last);
        value = new PortRange(first, last);
        return isRead && first <= last ? null : "a port such as 443, or ports from one to another such as 8000-8999";
    }

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
}
