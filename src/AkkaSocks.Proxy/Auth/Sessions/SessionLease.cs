using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// A user's place for one session. The session makes it and gives it back when it is over; in between the session is counted.
/// Where a limit must be asked first, the grant and the end of the session may meet: whichever comes second sees the other.
/// </summary>
/// <param name="sessions">Where it is counted.</param>
/// <param name="user">Whose session.</param>
internal sealed class SessionLease(OwnSessions sessions, UserName user)
{
    private const int Asked = 0, Held = 1, Returned = 2;
    private int _state = Asked;

    /// <summary>Whose session.</summary>
    public UserName User => user;

    /// <summary>The session is counted from now on.</summary>
    /// <returns>False when it is over already, and is not counted.</returns>
    public bool TryHold()
    {
        // Counted first: given back between the two, it would otherwise be given back before it was taken.
        sessions.Enter(user);
        if (Interlocked.CompareExchange(ref _state, Held, Asked) == Asked)
            return true;
        sessions.Leave(user);
        return false;
    }

    /// <summary>The session is over. Further calls do nothing.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref _state, Returned) == Held)
            sessions.Leave(user);
    }
}
