using System.Collections.Immutable;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Stand-in.</summary>
internal sealed record UserRecord
{
    /// <summary>Stand-in.</summary>
    public required UserName Name { get; init; }

    /// <summary>A PHC string.</summary>
    public required string Password { get; init; }

    /// <summary>Stand-in.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Null: no limit.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Stand-in.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Stand-in.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>A hybrid logical clock.</summary>
    public long Revision { get; init; }

    /// <summary>A tombstone.</summary>
    public bool Deleted { get; init; }
}
