using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Feed;

/// <summary>What an <see cref="EventFeed"/> is given.</summary>
internal sealed record FeedWiring
{
    /// <summary><c>node.name</c>.</summary>
    public required string NodeName { get; init; }

    /// <summary>Where sessions are heard of.</summary>
    public required SessionTap Tap { get; init; }

    /// <summary>Reads the node's figures.</summary>
    public required NodeGauge Gauge { get; init; }

    /// <summary>The node's sessions.</summary>
    public required LiveSessions LiveSessions { get; init; }

    /// <summary>All users.</summary>
    public required UserDirectory Users { get; init; }

    /// <summary>Who is banned, which all nodes know.</summary>
    public required LoginGuard Bans { get; init; }

    /// <summary>Begun when the node is on its way out.</summary>
    public required NodeDrain Drain { get; init; }
}
