using Akka.Actor;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>A session that is not over, as others may look at it and end it. On any thread; what is read may be a moment old.</summary>
internal sealed class LiveSession(IActorRef actor, SessionRecord record)
{
    private static readonly long Boot = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - Environment.TickCount64;

    internal int Place;

    /// <summary>Its name.</summary>
    public SessionId Id => record.Id;

    /// <summary>The session.</summary>
    public IActorRef Actor => actor;

    /// <summary>What is known of it; the session goes on writing it.</summary>
    public SessionRecord Record => record;

    /// <summary>Who it was let in as: an object that is no longer the user's current record once the user was changed. Null before.</summary>
    public UserRecord? AdmittedAs { get; set; }

    /// <summary>When it was accepted: milliseconds since 1970. The same whenever it is asked, whatever becomes of the clock.</summary>
    public long StartedAt => Boot + record.StartedAt;

    /// <summary>What the client speaks; null before its first byte.</summary>
    public string? Protocol => record.Protocol?.ToLabel();

    /// <summary>How far it has come.</summary>
    public SessionStage Stage => record.CarriedSoFar is not null ? SessionStage.Relaying
        : record.RequestedAt != 0 ? SessionStage.Connecting
        : SessionStage.Handshake;

    /// <summary>Where to, as the client said it; null before its request. The session goes on writing its record: what was asked for
    /// is complete once the time it was asked at is there.</summary>
    public string? Destination => record.RequestedAt == 0 ? null : record.Destination?.ToString();

    /// <summary>Bytes carried so far.</summary>
    public (long ClientToDestination, long DestinationToClient) Bytes => record.Bytes;

    /// <summary>Has it ended: the client and the destination are reset.</summary>
    /// <param name="reason">For the log.</param>
    public void Terminate(TerminationReason reason) => actor.Tell(new SessionTermination(reason), ActorRefs.NoSender);
}

/// <summary>Tells a session to end at once.</summary>
internal sealed record SessionTermination(TerminationReason Reason);
