using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Auth;

/// <summary>What an <see cref="AuthRegistry"/> is given.</summary>
internal sealed record RegistryWiring
{
    /// <summary>The settings it lives by.</summary>
    public required ProxySettings Settings { get; init; }

    /// <summary>What sessions ask before they ask the registry.</summary>
    public required Authenticator Authenticator { get; init; }

    /// <summary>All users.</summary>
    public required UserDirectory Users { get; init; }

    /// <summary>Where this node's sessions are counted by user.</summary>
    public required OwnSessions OwnSessions { get; init; }

    /// <summary>This node's sessions.</summary>
    public required LiveSessions LiveSessions { get; init; }

    /// <summary>Begun when the node is on its way out.</summary>
    public required NodeDrain Drain { get; init; }

    /// <summary>Where it counts how users with a limit are admitted.</summary>
    public LedgerCounters Counters { get; init; } = new();

    /// <summary>Remembers the sessions that were refused last.</summary>
    public SessionTap Tap { get; init; } = new();

    /// <summary>The node's actors; null where nobody asks for them.</summary>
    public ActorViews? Actors { get; init; }

    /// <summary>Exchanges that the node remembers; null when it remembers none.</summary>
    public Func<CaptureRing?> Exchanges { get; init; } = static () => null;

    /// <summary>The last lines of the process log.</summary>
    public ProcessLog Log { get; init; } = new();

    /// <summary>Reads the node's figures.</summary>
    public required NodeGauge Gauge { get; init; }
}
