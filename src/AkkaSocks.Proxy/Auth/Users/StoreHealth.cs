using Akka.Event;
using AkkaSocks.Proxy.Auth.Users.Storing;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Says once that the store fails or is away, and once that it is not any more. Belongs to one actor.</summary>
internal sealed class StoreHealth(ILoggingAdapter log)
{
    private bool _fails, _isAway;

    /// <summary>Something was written, or was not.</summary>
    /// <param name="problem">Why not; null when it was.</param>
    public void Wrote(string? problem)
    {
        if (_fails == problem is not null)
            return;
        _fails = problem is not null;
        if (_fails)
            log.Warning("Users cannot be stored: {0}. Logins go on with what is known.", problem);
        else
            log.Info("Users can be stored again.");
    }

    /// <summary>How well a shared store is followed.</summary>
    public void Follows(Staleness? stale)
    {
        if (_isAway == stale is not null)
            return;
        _isAway = stale is not null;
        if (stale is not null)
            log.Warning("The user store is away: {0}. Logins go on with what was known at {1:u}.", stale.Reason, stale.Since);
        else
            log.Info("The user store is back, and all users have been read.");
    }
}
