using System.Collections.Concurrent;
using System.Collections.Immutable;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// The users of this node and the credentials verified lately: everything about a login that takes no time. Any thread may call
/// it. What takes time is the <see cref="AuthRegistry"/>'s.
/// </summary>
internal sealed class Authenticator
{
    private readonly ConcurrentDictionary<UserName, KnownUser> _users = new();
    private readonly CredentialCache _cache;
    private readonly Lock _changing = new();
    private ImmutableArray<PasswordHash> _decoys = [];
    private long _revision;

    private sealed record KnownUser(PasswordHash Password, long Revision);

    /// <summary>With the users of <c>auth.users</c>.</summary>
    /// <exception cref="FormatException">A user's password cannot be verified; says which user and why.</exception>
    public Authenticator(AuthSettings settings)
        : this(settings, TimeProvider.System)
    {
    }

    /// <inheritdoc cref="Authenticator(AuthSettings)"/>
    public Authenticator(AuthSettings settings, TimeProvider clock)
    {
        _cache = new CredentialCache(settings.CredentialCacheTtl, settings.CredentialCacheMaxEntries, clock);
        foreach (var user in settings.Users)
            AddOrChange(user);
        RenewDecoys();
    }

    /// <summary>
    /// Whether these very credentials were verified lately and their user is still there, unchanged. False says nothing: ask
    /// the registry. The credentials stay the caller's. Takes about a microsecond and no lock.
    /// </summary>
    public bool TryGrantFromCache(Credentials credentials) =>
        _users.TryGetValue(credentials.UserName, out var user)
        && _cache.Knows(_cache.KeyOf(credentials.UserName, user.Revision, credentials.Password));

    /// <summary>Adds a user or replaces one, whose remembered credentials are void from then on.</summary>
    /// <exception cref="FormatException">The password is not a PHC string that can be verified.</exception>
    public void Put(UserSettings user)
    {
        _cache.Forget(AddOrChange(user));
        RenewDecoys();
    }

    /// <summary>Removes a user; its credentials are void from then on, those being verified included.</summary>
    public void Remove(UserName user)
    {
        _users.TryRemove(user, out _);
        _cache.Forget(user);
        RenewDecoys();
    }

    /// <summary>What there is to verify about these credentials.</summary>
    public LoginClaim ClaimOf(Credentials credentials)
    {
        var name = credentials.UserName;
        return _users.TryGetValue(name, out var user)
            ? new LoginClaim(name, user.Revision, user.Password, _cache.KeyOf(name, user.Revision, credentials.Password))
            : new LoginClaim(
                name, LoginClaim.NoUser, DecoyFor(name), _cache.KeyOf(name, LoginClaim.NoUser, credentials.Password));
    }

    /// <summary>Whether the claim was verified lately, and its user is still there, unchanged.</summary>
    public bool Knows(LoginClaim claim) => IsCurrent(claim) && _cache.Knows(claim.Key);

    /// <summary>The claim's password was right. Remembers that.</summary>
    /// <returns>False when its user is unknown, or was removed or changed meanwhile: then it is not granted.</returns>
    public bool Confirm(LoginClaim claim)
    {
        if (!IsCurrent(claim))
            return false;

        _cache.Remember(claim.Key, claim.User);
        return true;
    }

    private bool IsCurrent(LoginClaim claim) =>
        _users.TryGetValue(claim.User, out var user) && user.Revision == claim.Revision;

    private UserName AddOrChange(UserSettings user)
    {
        if (!PasswordHash.TryParse(user.Password, out var hash, out var reason))
            throw new FormatException($"The password of user '{UserName.FromText(user.Name)}' cannot be used: {reason}.");

        var name = UserName.FromText(user.Name);
        _users[name] = new KnownUser(hash, Interlocked.Increment(ref _revision));
        return name;
    }

    // Users may differ in cost. An unknown name gets the cost of a user picked by a keyed hash of the name: the same name the
    // same cost each time, and all costs as often as among the known.
    private PasswordHash DecoyFor(UserName name)
    {
        var decoys = _decoys;
        var pick = (ulong)_cache.KeyOf(name, LoginClaim.NoUser, default).Low % (ulong)decoys.Length;
        return decoys[(int)pick];
    }

    private void RenewDecoys()
    {
        lock (_changing)
        {
            var byCost = new Dictionary<PasswordCost, PasswordHash>();
            var costs = _users.Values.Select(user => user.Password.Cost).DefaultIfEmpty(PasswordCost.ForNewHashes);
            ImmutableInterlocked.InterlockedExchange(ref _decoys, [.. costs.Select(DecoyOf)]);

            PasswordHash DecoyOf(PasswordCost cost) =>
                byCost.TryGetValue(cost, out var decoy) ? decoy : byCost[cost] = PasswordHash.Decoy(cost);
        }
    }
}
