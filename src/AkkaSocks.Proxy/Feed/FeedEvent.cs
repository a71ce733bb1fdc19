using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Feed;

/// <summary>Something that happened, for whoever watches the cluster.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When: milliseconds since 1970, by the clock of the node where it happened.</param>
internal sealed record FeedEvent(FeedKind Kind, long At)
{
    /// <summary>Which session; null when it is not about one.</summary>
    public SessionId? Session { get; init; }

    /// <summary>The session's listener.</summary>
    public string? Listener { get; init; }

    /// <summary>What the session's client speaks.</summary>
    public string? Protocol { get; init; }

    /// <summary>The session's user as claimed, or the user that was changed or is banned.</summary>
    public UserName? User { get; init; }

    /// <summary>Where the session's client connects from.</summary>
    public IPEndPoint? Client { get; init; }

    /// <summary>The address or network that a ban is of.</summary>
    public string? Network { get; init; }

    /// <summary>Where to, as the client said it.</summary>
    public string? Destination { get; init; }

    /// <summary>The label of why the session is over.</summary>
    public string? End { get; init; }

    /// <summary>The label of why it was refused or killed; the state of a node; the cause of a ban.</summary>
    public string? Reason { get; init; }

    /// <summary>Bytes from the client to the destination.</summary>
    public long Up { get; init; }

    /// <summary>Bytes from the destination to the client.</summary>
    public long Down { get; init; }

    /// <summary>From accept to close.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>What can happen. The numbers stand on the wire.</summary>
internal enum FeedKind
{
    /// <summary>A session carries bytes from now on.</summary>
    SessionStarted = 0,

    /// <summary>A session is over.</summary>
    SessionEnded = 1,

    /// <summary>A client was told no.</summary>
    SessionRefused = 2,

    /// <summary>A node came, went, was lost, was found again or drains.</summary>
    NodeChanged = 3,

    /// <summary>A user was added or changed.</summary>
    UserChanged = 4,

    /// <summary>A user was removed.</summary>
    UserRemoved = 5,

    /// <summary>Somebody is kept out.</summary>
    BanAdded = 6,

    /// <summary>A ban was lifted, or its time is over.</summary>
    BanEnded = 7,
}
