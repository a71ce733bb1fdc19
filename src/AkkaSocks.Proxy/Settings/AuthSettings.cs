using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>auth</c>: who may use the proxy.</summary>
internal sealed record AuthSettings
{
    /// <summary><c>auth.methods</c>: what a listener accepts; password is preferred over none where a client offers both.</summary>
    public required ImmutableArray<AcceptedMethod> Methods { get; init; }

    /// <summary><c>auth.users</c>: name to password in PHC form.</summary>
    public required ImmutableArray<UserSettings> Users { get; init; }

    /// <summary><c>auth.store</c>.</summary>
    public required UserStoreSettings Store { get; init; }

    /// <summary><c>auth.verification.parallelism</c>: threads that verify passwords.</summary>
    public required int VerificationParallelism { get; init; }

    /// <summary><c>auth.verification.queue</c>: verifications that may wait; more are refused.</summary>
    public required int VerificationQueue { get; init; }

    /// <summary><c>auth.credential-cache.ttl</c>: how long a verified credential is remembered.</summary>
    public required TimeSpan CredentialCacheTtl { get; init; }

    /// <summary><c>auth.credential-cache.max-entries</c>.</summary>
    public required int CredentialCacheMaxEntries { get; init; }

    /// <summary><c>auth.bans</c>.</summary>
    public required BanSettings Bans { get; init; }

    /// <summary><c>auth.on-isolation</c>: a node that can ask no other.</summary>
    public required IsolationPolicy OnIsolation { get; init; }
}

/// <summary>An entry of <c>auth.on-isolation</c>: what becomes of users with a session limit.</summary>
internal enum IsolationPolicy
{
    /// <summary>Admitted against what is known.</summary>
    Local,

    /// <summary>Refused.</summary>
    Deny,
}

/// <summary>An entry of <c>auth.methods</c>.</summary>
internal enum AcceptedMethod
{
    /// <summary>No authentication.</summary>
    None,

    /// <summary>User name and password (RFC 1929).</summary>
    Password,
}

/// <summary>One entry of <c>auth.users</c>.</summary>
/// <param name="Name">The user name, as text; compared as its UTF-8 bytes.</param>
/// <param name="Password">A PHC string.</param>
/// <param name="MaxSessions">Sessions at once in the whole cluster; null for no limit.</param>
/// <param name="Commands">Commands it may use; null for all.</param>
internal sealed record UserSettings(string Name, string Password, int? MaxSessions, CommandSet? Commands);
