using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings;

/// <summary>
/// From one configuration to the next while the node runs: what can be applied, what needs a restart, and what the node goes by then. What
/// needs a restart stays as it was, so the next reload names it again.
/// </summary>
internal sealed class SettingsChange
{
    // Threads, files and sockets that live as long as the process, and what the other nodes rely on. In step with Effective.
    private static readonly ImmutableArray<string> NeedRestart =
    [
        "akka",
        "akkasocks.node",
        "akkasocks.transport",
        "akkasocks.cluster",
        "akkasocks.metrics",
        "akkasocks.config",
        "akkasocks.mitm.ca",
        "akkasocks.mitm.leaf",
        "akkasocks.mitm.key-log",
        "akkasocks.admin.endpoint",
        "akkasocks.relay.engine",
        "akkasocks.auth.store",
        "akkasocks.auth.on-isolation",
        "akkasocks.auth.verification",
        "akkasocks.auth.credential-cache",
        "akkasocks.auth.bans.window",
        "akkasocks.auth.bans.known-address-ttl",
        "akkasocks.auth.bans.max-entries",
        "akkasocks.log.sessions",
        "akkasocks.log.failed-logins",
        "akkasocks.log.rotation",
        "akkasocks.log.audit",
    ];

    // Without it no authority has been opened. Turned off, it is off at once.
    private const string Interception = "akkasocks.mitm.enabled";

    private SettingsChange(LoadedSettings effective, ImmutableArray<string> applied, ImmutableArray<string> waiting) =>
        (Effective, Applied, Waiting) = (effective, applied, waiting);

    /// <summary>What the node goes by afterwards.</summary>
    public LoadedSettings Effective { get; }

    /// <summary>The keys that differ and can be applied.</summary>
    public ImmutableArray<string> Applied { get; }

    /// <summary>The keys that differ and need a restart.</summary>
    public ImmutableArray<string> Waiting { get; }

    /// <summary>Something in a section has changed, and can be applied.</summary>
    public bool Touches(string section) => Applied.Any(key => ConfigPicture.IsWithin(key, section));

    /// <summary>The change from what a node goes by to what it should go by.</summary>
    public static SettingsChange Of(LoadedSettings running, LoadedSettings wanted)
    {
        var differences = running.Picture.DifferencesTo(wanted.Picture);
        var turnsOn = wanted.Proxy.Mitm.Enabled && !running.Proxy.Mitm.Enabled;
        ImmutableArray<string> waiting =
        [
            .. differences.Where(key => NeedRestart.Any(section => ConfigPicture.IsWithin(key, section)) || (turnsOn && key == Interception)),
        ];
        var effective = wanted with
        {
            Proxy = Mixed(running.Proxy, wanted.Proxy),
            AkkaHocon = running.AkkaHocon,
            Picture = wanted.Picture.With(running.Picture, waiting),
        };
        return new SettingsChange(effective, [.. differences.Except(waiting)], waiting);
    }

    private static ProxySettings Mixed(ProxySettings running, ProxySettings wanted) => wanted with
    {
        NodeName = running.NodeName,
        DataDirectory = running.DataDirectory,
        Transport = running.Transport,
        Cluster = running.Cluster,
        Metrics = running.Metrics,
        Config = running.Config,
        Mitm = wanted.Mitm with
        {
            Enabled = wanted.Mitm.Enabled && running.Mitm.Enabled,
            Ca = running.Mitm.Ca,
            LeafValidity = running.Mitm.LeafValidity,
            LeafCacheSize = running.Mitm.LeafCacheSize,
            KeyLog = running.Mitm.KeyLog,
        },
        Admin = wanted.Admin with { Endpoint = running.Admin.Endpoint },
        Relay = wanted.Relay with { Engine = running.Relay.Engine },
        Log = running.Log with { Level = wanted.Log.Level },
        Auth = wanted.Auth with
        {
            Store = running.Auth.Store,
            OnIsolation = running.Auth.OnIsolation,
            VerificationParallelism = running.Auth.VerificationParallelism,
            VerificationQueue = running.Auth.VerificationQueue,
            CredentialCacheTtl = running.Auth.CredentialCacheTtl,
            CredentialCacheMaxEntries = running.Auth.CredentialCacheMaxEntries,
            Bans = wanted.Auth.Bans with
            {
                Window = running.Auth.Bans.Window,
                KnownAddressTtl = running.Auth.Bans.KnownAddressTtl,
                MaxEntries = running.Auth.Bans.MaxEntries,
            },
        },
    };
}
