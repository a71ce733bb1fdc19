using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>auth.bans</c>: what becomes of those who fail to log in too often.</summary>
internal sealed record BanSettings
{
    /// <summary><c>auth.bans.window</c>: failures within it count together.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary><c>auth.bans.failures-per-user-at-address</c>; null bans nobody for them.</summary>
    public required int? FailuresPerUserAtAddress { get; init; }

    /// <summary><c>auth.bans.failures-per-address</c>; null bans nobody for them.</summary>
    public required int? FailuresPerAddress { get; init; }

    /// <summary><c>auth.bans.failures-per-user</c>; null bans nobody for them.</summary>
    public required int? FailuresPerUser { get; init; }

    /// <summary><c>auth.bans.duration</c>: how long a ban holds.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary><c>auth.bans.known-address-ttl</c>: how long a ban of a user does not hold where it has logged in.</summary>
    public required TimeSpan KnownAddressTtl { get; init; }

    /// <summary><c>auth.bans.exempt</c>: networks whose addresses are never banned for failures.</summary>
    public required ImmutableArray<IPNetwork> Exempt { get; init; }

    /// <summary><c>auth.bans.max-entries</c>: of everything that is remembered here.</summary>
    public required int MaxEntries { get; init; }
}
