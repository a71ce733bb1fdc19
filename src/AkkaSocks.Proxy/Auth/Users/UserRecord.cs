using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Stand-in until the users branch is merged.</summary>
internal sealed record UserRecord
{
    /// <summary>Name.</summary>
    public required UserName Name { get; init; }

    /// <summary>PHC string.</summary>
    public required string Password { get; init; }

    /// <summary>May log in.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Null: no limit.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Hybrid logical clock.</summary>
    public long Revision { get; init; }

    /// <summary>Tombstone.</summary>
    public bool Deleted { get; init; }

    /// <summary>Whether the user may not log in any more at this time.</summary>
    public bool HasExpired(DateTimeOffset now) => ExpiresAt is { } end && now >= end;
}
