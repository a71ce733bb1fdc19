using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>An order of sessions. Where the key is the same the id decides, so no two have the same place.</summary>
/// <param name="By">The key.</param>
/// <param name="IsDescending">The highest first.</param>
internal readonly record struct SessionOrder(SessionKey By, bool IsDescending) : IComparer<SessionPlace>
{
    /// <inheritdoc/>
    public int Compare(SessionPlace x, SessionPlace y)
    {
        var order = x.Key.CompareTo(y.Key);
        if (order == 0)
            order = x.Id.Value.CompareTo(y.Id.Value);
        return IsDescending ? -order : order;
    }

    /// <summary>Where a session stands.</summary>
    public SessionPlace PlaceOf(LiveSession session)
    {
        if (By is SessionKey.Id or SessionKey.Started)
            return new SessionPlace(By == SessionKey.Id ? 0 : session.StartedAt, session.Id);
        var (up, down) = session.Bytes;
        return new SessionPlace(KeyOf(up, down), session.Id);
    }

    /// <summary>Where a session stands that is shown.</summary>
    public SessionPlace PlaceOf(SessionView session) => new(
        By switch
        {
            SessionKey.Id => 0,
            SessionKey.Started => session.StartedAt,
            _ => KeyOf(session.Up, session.Down),
        },
        session.Id);

    private long KeyOf(long up, long down) => By switch
    {
        SessionKey.ClientToDestination => up,
        SessionKey.DestinationToClient => down,
        _ => up + down,
    };
}

/// <summary>Where a session stands in a <see cref="SessionOrder"/>. Bytes move on between two pages, so a session may be seen twice
/// or be missed; by id and by start it is not.</summary>
/// <param name="Key">What is ordered by; 0 for the id alone.</param>
/// <param name="Id">The session.</param>
internal readonly record struct SessionPlace(long Key, SessionId Id);

/// <summary>What sessions are ordered by. The numbers stand on the wire.</summary>
internal enum SessionKey
{
    /// <summary>Their id.</summary>
    Id = 0,

    /// <summary>When they were accepted.</summary>
    Started = 1,

    /// <summary>Bytes both ways.</summary>
    Bytes = 2,

    /// <summary>Bytes up.</summary>
    ClientToDestination = 3,

    /// <summary>Bytes down.</summary>
    DestinationToClient = 4,
}
