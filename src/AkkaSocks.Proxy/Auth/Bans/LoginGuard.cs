using System.Collections.Immutable;
using System.Security.Cryptography;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>
/// Keeps those out who guess: counts failed logins of all nodes by address, by user and by user at an address, bans whoever has
/// too many, and knows who is banned. Any thread may call it. Whether somebody is banned is asked for every login and takes no
/// lock; while nobody is banned it takes nothing.
/// </summary>
/// <remarks>
/// <code>
/// a login fails here or elsewhere ─► user at address ─► too many: that user is banned at that address
///                                  ├ address ─────────► too many: the address is banned
///                                  └ user ────────────► too many: the user is banned, except where it has logged in before
/// </code>
/// The first level is reached first, so a client that keeps trying an old password bans neither its neighbours behind the same
/// address nor its user elsewhere. What is refused for a ban counts as no failure, so no ban is prolonged by trying.
/// Times are of a monotonic clock: setting the clock of a machine changes no ban.
/// </remarks>
internal sealed class LoginGuard
{
    // Apart from each other: event loops come to the second, for which nothing may take long.
    private readonly Lock _changing = new(), _knowing = new();
    private volatile BanSettings _settings;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly BanList _bans;
    private readonly KnownAddresses _known;
    private readonly FailureCounter<ClientNetwork> _byAddress;
    private readonly FailureCounter<LoginOrigin> _byUserAtAddress;
    private readonly FailureCounter<UserName> _byUser;
    private readonly Dictionary<NodeIncarnation, long> _heard = [];
    private readonly ImmutableArray<LoginOrigin>.Builder _failures = ImmutableArray.CreateBuilder<LoginOrigin>();
    private readonly ImmutableArray<LoginOrigin>.Builder _logins = ImmutableArray.CreateBuilder<LoginOrigin>();
    private readonly ImmutableArray<BanNotice>.Builder _changes = ImmutableArray.CreateBuilder<BanNotice>();
    private long _told;

    /// <summary>A guard that has seen nothing.</summary>
    public LoginGuard(BanSettings settings, TimeProvider clock)
    {
        (_settings, _clock, _began) = (settings, clock, clock.GetTimestamp());
        var window = (long)settings.Window.TotalMilliseconds;
        _bans = new BanList(BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))), settings.MaxEntries);
        _known = new KnownAddresses((long)settings.KnownAddressTtl.TotalMilliseconds, settings.MaxEntries);
        _byAddress = new FailureCounter<ClientNetwork>(window, settings.MaxEntries);
        _byUserAtAddress = new FailureCounter<LoginOrigin>(window, settings.MaxEntries);
        _byUser = new FailureCounter<UserName>(window, settings.MaxEntries);
    }

    /// <summary>Declares how many are kept out.</summary>
    public void Declare(MetricSet metrics) => metrics.Gauge(
        "akkasocks.bans",
        "{ban}",
        "Bans that hold now, by their cause.",
        ["cause"],
        () => Bans().Where(ban => !ban.IsLifted).CountBy(ban => ban.Cause).Select(it => new Series([KebabCase.Of($"{it.Key}")], it.Value)));

    /// <summary>What is to be told to the other nodes, in this order: who has heard of a ban does not count towards it.</summary>
    /// <param name="Bans">Bans and liftings made here.</param>
    /// <param name="FirstFailure">The number of the first failure.</param>
    /// <param name="Failures">Logins that have failed here.</param>
    /// <param name="Known">Addresses that users have logged in from here.</param>
    internal readonly record struct News(
        ImmutableArray<BanNotice> Bans, long FirstFailure, ImmutableArray<LoginOrigin> Failures, ImmutableArray<KnownAddress> Known);

    /// <summary>Called when there is something to tell, on the thread that came upon it; maybe more often than needed.</summary>
    public Action? OnNews { get; set; }

    /// <summary>What it holds to. Other settings count from then on; <c>window</c>, <c>known-address-ttl</c> and <c>max-entries</c> are those
    /// it began with.</summary>
    public BanSettings Settings
    {
        set => _settings = value;
    }

    private long Now => (long)_clock.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>Why a login is refused without looking at the password; <see cref="Refusal.None"/> when it is not.</summary>
    public Refusal Objection(LoginOrigin login)
    {
        if (_bans.IsEmpty)
            return Refusal.None;
        var now = Now;
        if (_bans.Find(BanTarget.Of(login.Network), now) is not null)
            return Refusal.AddressBanned;
        return _bans.Find(BanTarget.Of(login), now) is not null
            || _bans.Find(BanTarget.Of(login.User), now) is { } cause && (cause == BanCause.Operator || !_known.Knows(login, now))
            ? Refusal.UserBanned
            : Refusal.None;
    }

    /// <summary>Why a request is refused. Whoever ends the sessions of a banned client has put the ban here before.</summary>
    /// <param name="user">Who has logged in; null without authentication.</param>
    /// <param name="client">Where from.</param>
    public Refusal Objection(UserName? user, ClientNetwork client) =>
        _bans.IsEmpty ? Refusal.None
        : user is { } name ? Objection(new LoginOrigin(name, client))
        : _bans.Find(BanTarget.Of(client), Now) is not null ? Refusal.AddressBanned
        : Refusal.None;

    /// <summary>A password was verified and is wrong.</summary>
    public void Failed(LoginOrigin login)
    {
        lock (_changing)
        {
            _failures.Add(login);
            Count(login, Now);
        }

        OnNews?.Invoke();
    }

    /// <summary>A user has logged in.</summary>
    public void Succeeded(LoginOrigin login)
    {
        if (_known.IsFresh(login, Now) || IsExempt(login.Network))
            return;
        lock (_knowing)
        {
            _known.Add(login, long.MaxValue, Now);
            _logins.Add(login);
        }

        OnNews?.Invoke();
    }

    /// <summary>An operator bans somebody.</summary>
    public BanNotice Impose(BanTarget target, TimeSpan? duration, string? reason)
    {
        BanNotice ban;
        lock (_changing)
        {
            ban = _bans.Impose(target, BanCause.Operator, reason, duration ?? _settings.Duration, Now);
            Enact(ban);
            _changes.Add(ban);
        }

        OnNews?.Invoke();
        return ban;
    }

    /// <summary>An operator lifts a ban.</summary>
    /// <returns>False when there is no such ban.</returns>
    public bool Lift(BanVersion ban)
    {
        lock (_changing)
        {
            if (_bans.Lift(ban, Now) is not { } lifted)
                return false;
            Enact(lifted);
            _changes.Add(lifted);
        }

        OnNews?.Invoke();
        return true;
    }

    /// <summary>All bans and liftings.</summary>
    public ImmutableArray<BanNotice> Bans()
    {
        lock (_changing)
            return [.. _bans.All(Now)];
    }

    /// <summary>All addresses that users have logged in from.</summary>
    public ImmutableArray<KnownAddress> Known() => [.. _known.All(Now)];

    /// <summary>What all bans amount to.</summary>
    public (int Count, ulong Hash) Digest()
    {
        lock (_changing)
            return _bans.Digest(Now);
    }

    /// <summary>Takes what has come up since the last call.</summary>
    public News TakeNews()
    {
        ImmutableArray<LoginOrigin> logins;
        lock (_knowing)
            logins = _logins.DrainToImmutable();
        lock (_changing)
        {
            var first = _told + 1;
            _told += _failures.Count;
            return new News(
                _changes.DrainToImmutable(),
                first,
                _failures.DrainToImmutable(),
                [.. logins.Select(login => new KnownAddress(login, _settings.KnownAddressTtl))]);
        }
    }

    /// <summary>Bans and liftings of another node.</summary>
    /// <returns>Those that were news.</returns>
    public ImmutableArray<BanNotice> Receive(BansChanged message)
    {
        lock (_changing)
        {
            var news = message.Bans.Where(ban => _bans.Merge(ban, Now)).ToImmutableArray();
            foreach (var ban in news)
                Enact(ban);
            return news;
        }
    }

    /// <summary>Failures of another node.</summary>
    public void Receive(LoginsFailed message)
    {
        var isNews = false;
        lock (_changing)
        {
            // What was lost stays lost, but nothing counts twice.
            var known = _heard.GetValueOrDefault(message.Node);
            _heard[message.Node] = Math.Max(known, message.First + message.Failures.Length - 1);
            foreach (var login in message.Failures.Skip((int)Math.Clamp(known + 1 - message.First, 0, message.Failures.Length)))
                Count(login, Now);
            isNews = _changes.Count > 0;
        }

        if (isNews)
            OnNews?.Invoke();
    }

    /// <summary>Addresses that users have logged in from at another node.</summary>
    public void Receive(AddressesKnown message)
    {
        lock (_knowing)
        {
            foreach (var (login, remaining) in message.Known)
                _known.Add(login, (long)remaining.TotalMilliseconds, Now);
        }
    }

    /// <summary>A node is gone.</summary>
    public void Drop(NodeIncarnation node)
    {
        lock (_changing)
            _heard.Remove(node);
    }

    private void Count(LoginOrigin login, long now)
    {
        if (!IsExempt(login.Network))
        {
            Count(_byUserAtAddress, login, BanTarget.Of(login), _settings.FailuresPerUserAtAddress, now);
            Count(_byAddress, login.Network, BanTarget.Of(login.Network), _settings.FailuresPerAddress, now);
        }

        Count(_byUser, login.User, BanTarget.Of(login.User), _settings.FailuresPerUser, now);
    }

    // What still comes in of a target that is banned already was under way before.
    private void Count<TKey>(FailureCounter<TKey> counter, TKey key, BanTarget target, int? limit, long now)
        where TKey : struct, IEquatable<TKey>
    {
        if (limit is null || _bans.Find(target, now) is not null || counter.Add(key, now) < limit)
            return;
        var ban = _bans.Impose(target, BanCause.Failures, null, _settings.Duration, now);
        Enact(ban);
        _changes.Add(ban);
    }

    /// <summary>After a ban, and after its lifting, counting begins anew.</summary>
    private void Enact(BanNotice ban)
    {
        switch (ban.Target)
        {
            case { User: { } user, Network: { } network }:
                _byUserAtAddress.Forget(new LoginOrigin(user, network));
                break;
            case { User: { } user }:
                _byUser.Forget(user);
                break;
            case { Network: { } network }:
                _byAddress.Forget(network);
                break;
        }
    }

    private bool IsExempt(ClientNetwork network)
    {
        if (_settings.Exempt.IsEmpty)
            return false;
        var address = network.Address;
        return _settings.Exempt.Any(exempt => exempt.Contains(address));
    }
}
