using System.Diagnostics.CodeAnalysis;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// Judges credentials by the users of the <see cref="UserDirectory"/> and what was verified lately: everything about a login
/// that takes no time. Any thread may call it. What takes time is the <see cref="AuthRegistry"/>'s.
/// </summary>
/// <remarks>
/// What was verified holds for the very record it was verified against: any change of the user puts another one into the
/// directory, and the credentials have to be verified anew.
/// </remarks>
internal sealed class Authenticator(AuthSettings settings, UserDirectory users, TimeProvider clock)
{
    private readonly CredentialCache _cache = new(settings.CredentialCacheTtl, settings.CredentialCacheMaxEntries, clock);

    /// <summary>Who is kept out, whatever the password.</summary>
    public LoginGuard Guard { get; } = new(settings.Bans, clock);

    /// <summary>
    /// Whether these very credentials were verified lately and their user is still there, unchanged, and may log in from there.
    /// False says nothing: ask the registry. The credentials stay the caller's. Takes about a microsecond and no lock.
    /// </summary>
    public bool TryGrantFromCache(Credentials credentials, ClientNetwork client, [NotNullWhen(true)] out UserRecord? user)
    {
        var login = new LoginOrigin(credentials.UserName, client);
        user = users.Find(login.User);
        if (user is not null && Objection(user) == Refusal.None && Guard.Objection(login) == Refusal.None
            && _cache.Knows(_cache.KeyOf(login.User, credentials.Password), user))
        {
            Guard.Succeeded(login);
            return true;
        }

        user = null;
        return false;
    }

    /// <summary>What there is to verify about these credentials.</summary>
    public LoginClaim ClaimOf(Credentials credentials)
    {
        var name = credentials.UserName;
        var key = _cache.KeyOf(name, credentials.Password);

        // A password in a form that only a newer node can verify is as good as none.
        return users.Find(name) is { } user && PasswordHash.TryParse(user.Password, out var password, out _)
            ? new LoginClaim(name, user, password, key)
            : new LoginClaim(name, null, users.Decoys.For((ulong)_cache.KeyOf(name, default).Low), key);
    }

    /// <summary>Whether the claim was verified lately, and its user is still there, unchanged, and may log in.</summary>
    public bool Knows(LoginClaim claim) =>
        claim.Record is { } user && IsCurrent(user) && Objection(user) == Refusal.None && _cache.Knows(claim.Key, user);

    /// <summary>The claim's password was right. Remembers that.</summary>
    /// <returns><see cref="Refusal.None"/>: granted. <see cref="Refusal.BadCredentials"/> when the user is unknown, or was
    /// removed or changed meanwhile. <see cref="Refusal.UserDisabled"/> or <see cref="Refusal.UserExpired"/>: said only to
    /// whoever knows the password, and not even to the client.</returns>
    public Refusal Confirm(LoginClaim claim)
    {
        if (claim.Record is not { } user || !IsCurrent(user))
            return Refusal.BadCredentials;

        if (Objection(user) is var objection and not Refusal.None)
            return objection;

        _cache.Remember(claim.Key, user);
        return Refusal.None;
    }

    /// <summary>How long it takes to find that a password is wrong. Takes as long.</summary>
    public TimeSpan MeasureVerification()
    {
        var since = clock.GetTimestamp();
        users.Decoys.For(0).Matches([]);
        return clock.GetElapsedTime(since);
    }

    private bool IsCurrent(UserRecord user) => ReferenceEquals(users.Find(user.Name), user);

    private Refusal Objection(UserRecord user) =>
        !user.Enabled ? Refusal.UserDisabled
        : user.ExpiresAt is not null && user.HasExpired(clock.GetUtcNow()) ? Refusal.UserExpired
        : Refusal.None;
}
