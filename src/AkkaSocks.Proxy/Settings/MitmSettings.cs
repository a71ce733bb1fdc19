using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>mitm</c>: whose traffic is looked into, and how.</summary>
internal sealed record MitmSettings
{
    /// <summary><c>mitm.enabled</c>.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>mitm.on-engine-failure</c>: what becomes of a session in scope that cannot be looked into.</summary>
    public required Unopened OnEngineFailure { get; init; }

    /// <summary><c>mitm.scope</c>.</summary>
    public required MitmScopeSettings Scope { get; init; }

    /// <summary><c>mitm.sniff.timeout</c>: how long neither side may have said anything until that counts as silence.</summary>
    public required TimeSpan SniffTimeout { get; init; }

    /// <summary><c>mitm.sniff.max-client-hello</c>, in bytes.</summary>
    public required int MaxClientHello { get; init; }

    /// <summary><c>mitm.sniff.on-unknown</c>: what becomes of a session in scope that speaks neither HTTP nor TLS.</summary>
    public required Unopened OnUnknown { get; init; }

    /// <summary><c>mitm.ca</c>.</summary>
    public required MitmCaSettings Ca { get; init; }

    /// <summary><c>mitm.leaf.validity</c>: of the certificates that clients are shown.</summary>
    public required TimeSpan LeafValidity { get; init; }

    /// <summary><c>mitm.leaf.cache-size</c>: certificates that are kept.</summary>
    public required int LeafCacheSize { get; init; }

    /// <summary><c>mitm.upstream</c>.</summary>
    public required MitmOriginSettings Origins { get; init; }

    /// <summary><c>mitm.key-log</c>: the file that the secrets of intercepted TLS are written to; "" for none.</summary>
    public required string KeyLog { get; init; }

    /// <summary><c>mitm.pinning</c>.</summary>
    public required PinningSettings Pinning { get; init; }

    /// <summary>What is done to exchanges, and to the bytes of tunnels.</summary>
    public required ExchangeSettings Exchanges { get; init; }
}

/// <summary><c>mitm.scope</c>: which sessions are looked into. All four must agree.</summary>
internal sealed record MitmScopeSettings
{
    /// <summary><c>mitm.scope.include</c>: destinations.</summary>
    public required ImmutableArray<HostPattern> Include { get; init; }

    /// <summary><c>mitm.scope.exclude</c>: destinations that are not, whatever include says.</summary>
    public required ImmutableArray<HostPattern> Exclude { get; init; }

    /// <summary><c>mitm.scope.users</c>: names; <c>*</c> is everybody, those without a name included.</summary>
    public required ImmutableArray<string> Users { get; init; }

    /// <summary><c>mitm.scope.ports</c>.</summary>
    public required ImmutableArray<PortRange> Ports { get; init; }
}

/// <summary><c>mitm.ca</c>: who signs the certificates that clients are shown.</summary>
internal sealed record MitmCaSettings
{
    /// <summary><c>mitm.ca.dir</c>: where the authority of this node is kept.</summary>
    public required string Directory { get; init; }

    /// <summary><c>mitm.ca.certificate</c>: the PEM file of an authority that was given; "" for that of the directory.</summary>
    public required string Certificate { get; init; }

    /// <summary><c>mitm.ca.key</c>: its key.</summary>
    public required string Key { get; init; }

    /// <summary><c>mitm.ca.auto-create</c>: make one where the directory has none.</summary>
    public required bool AutoCreate { get; init; }
}

/// <summary><c>mitm.upstream</c>: TLS towards origins.</summary>
internal sealed record MitmOriginSettings
{
    /// <summary><c>mitm.upstream.verify</c>.</summary>
    public required bool Verify { get; init; }

    /// <summary><c>mitm.upstream.extra-roots</c>: PEM files of authorities besides those of the system.</summary>
    public required ImmutableArray<string> ExtraRoots { get; init; }

    /// <summary><c>mitm.upstream.on-invalid-cert</c>.</summary>
    public required InvalidCertificate OnInvalidCertificate { get; init; }
}

/// <summary><c>mitm.pinning</c>: clients that do not take our certificates.</summary>
internal sealed record PinningSettings
{
    /// <summary><c>mitm.pinning.learn</c>.</summary>
    public required bool Learn { get; init; }

    /// <summary><c>mitm.pinning.ttl</c>: how long what was learned holds.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary><c>mitm.pinning.silent-failures</c>: connections closed without a word that say as much as an alert.</summary>
    public required int SilentFailures { get; init; }

    /// <summary><c>mitm.pinning.max-entries</c>.</summary>
    public required int MaxEntries { get; init; }
}

/// <summary>What becomes of a session that should be looked into and cannot.</summary>
internal enum Unopened
{
    /// <summary>It is relayed untouched.</summary>
    Relay,

    /// <summary>It is reset.</summary>
    Reject,
}

/// <summary>What a client gets of an origin whose certificate is not valid.</summary>
internal enum InvalidCertificate
{
    /// <summary>A page that says so, with status 502.</summary>
    ErrorPage,

    /// <summary>RST.</summary>
    Reset,

    /// <summary>The origin itself: the client sees the certificate and judges.</summary>
    PassThrough,
}
