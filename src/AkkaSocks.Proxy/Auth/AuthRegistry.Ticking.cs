using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth;

/// <content>What the registry does by itself, in time: it tells the other nodes what has changed here, and ends sessions of users whose
/// time is over.</content>
internal sealed partial class AuthRegistry
{
    private const long TellEvery = 100;
    private const long TellNewsEvery = 20;
    private static readonly TimeSpan DigestEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookForSilenceEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RevokeEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookForExpiryEvery = TimeSpan.FromSeconds(1);

    private long _toldAt, _toldNewsAt;

    private enum Tick
    {
        SessionsChanged,
        UsersChanged,
        Revoke,
        Tell,
        GuardHasNews,
        TellNews,
        Digest,
        Silence,
        Expiry,
        Drain,
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.SessionsChanged:
                TellSoon();
                break;
            case Tick.Tell:
                Tell();
                break;
            case Tick.GuardHasNews:
                TellNewsSoon();
                break;
            case Tick.TellNews:
                TellNews();
                break;
            case Tick.Digest:
                _admission.ForgetOldGrants();
                if (_view.Peers.Count > 0)
                {
                    _exchange.TellDigest();
                    _bans.TellDigest();
                }

                _questions.Gauge(asker: null);
                break;
            case Tick.UsersChanged when !Timers.IsTimerActive(Tick.Revoke):
                Revoke();
                Timers.StartSingleTimer(Tick.Revoke, Tick.Revoke, RevokeEvery);
                break;
            case Tick.Revoke when Volatile.Read(ref _usersHaveChanged) != 0:
            case Tick.Expiry:
                Revoke();
                break;
            case Tick.Silence:
                foreach (var silent in _admission.GiveUpTheSilent())
                    PassOver(silent);
                _questions.GiveUpTheSilent();
                break;
            case Tick.Drain:
                _questions.Report();
                break;
        }
    }

    /// <summary>At once, but not more often than every 100 ms.</summary>
    private void TellSoon()
    {
        if (Timers.IsTimerActive(Tick.Tell))
            return;
        var left = _toldAt + TellEvery - Environment.TickCount64;
        if (left <= 0)
            Tell();
        else
            Timers.StartSingleTimer(Tick.Tell, Tick.Tell, TimeSpan.FromMilliseconds(left));
    }

    /// <summary>At once, but not more often than every 20 ms: a flood of failures is told in few messages.</summary>
    private void TellNewsSoon()
    {
        if (Timers.IsTimerActive(Tick.TellNews))
            return;
        var left = _toldNewsAt + TellNewsEvery - Environment.TickCount64;
        if (left <= 0)
            TellNews();
        else
            Timers.StartSingleTimer(Tick.TellNews, Tick.TellNews, TimeSpan.FromMilliseconds(left));
    }

    private void TellNews()
    {
        _bans.TellNews();
        _toldNewsAt = Environment.TickCount64;
    }

    private void Revoke()
    {
        Volatile.Write(ref _usersHaveChanged, 0);
        if (Revocation.EndSessions(_wiring.LiveSessions, _wiring.Users, DateTimeOffset.UtcNow))
            WatchExpiry();
    }

    // A user whose time is over does not change.
    private void WatchExpiry()
    {
        if (!Timers.IsTimerActive(Tick.Expiry))
            Timers.StartSingleTimer(Tick.Expiry, Tick.Expiry, LookForExpiryEvery);
    }

    private void Tell()
    {
        _exchange.TellChanges();
        _toldAt = Environment.TickCount64;
    }
}
