using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>What the registry of a cluster would answer, told by the test.</summary>
internal sealed class FakeCluster
{
    public static NodeFigures Figures { get; } = new()
    {
        Version = "0.1.0",
        Uptime = TimeSpan.FromSeconds(61.5),
        Accepted = 7,
        ClientToDestination = 17,
        DestinationToClient = 4_300_000_000,
        AcceptedPerSecond = 0.25,
        ClientToDestinationPerSecond = 1,
        DestinationToClientPerSecond = 2,
        LoopsBusy = [0.5, 0.25],
        Processors = 0.75,
        MemoryBytes = 100_000_000,
        Draining = null,
        Config = new ConfigVersion(2, "0123456789ab", NeedsRestart: true),
        Refusals = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal).Add("bad-credentials", 2),
    };

    /// <summary>A node whose loops work so much of the time.</summary>
    public static AuthRegistry.NodeStatus Of(string name, ImmutableArray<double> loopsBusy) =>
        new(name, "127.0.0.2:4053", "up", IsSelf: true, IsDraining: false, 3, Figures with { LoopsBusy = loopsBusy });

    public ImmutableList<AuthRegistry.NodeStatus> Nodes { get; set; } =
    [
        new("n1", "127.0.0.2:4053", "up", IsSelf: true, IsDraining: false, 3, Figures),
        new("n2", "127.0.0.3:4053", "leaving", IsSelf: false, IsDraining: true, 12, null),
    ];

    public ImmutableSortedDictionary<ulong, SessionView> Sessions { get; set; } =
        ImmutableSortedDictionary<ulong, SessionView>.Empty;

    /// <summary>Sessions in a registry's own seam, which finds, orders and pages them as a node does; they are listed where
    /// there are any.</summary>
    public LiveSessions Live { get; set; } = new(1);

    /// <summary>Sessions that were refused.</summary>
    public ImmutableArray<RefusedSession> Refusals { get; set; } = [];

    /// <summary>Exchanges that the node n1 remembers; null where it looks into nothing.</summary>
    public CaptureRing? Exchanges { get; set; }

    /// <summary>Lines of the process logs.</summary>
    public ImmutableArray<AuthRegistry.LoggedLine> Log { get; set; } = [];

    /// <summary>What there is of the last minutes.</summary>
    public ImmutableArray<NodeHistory.Line> History { get; set; } = [];

    /// <summary>The actors of every node.</summary>
    public ActorView? Actors { get; set; } = new(
        [
            new ActorTypeSummary("session", 3, 10, 1, 0, 6400, 2, 5) { Timed = 100, HandlingSeconds = 0.0123, WaitingSeconds = 0.5, PerSecond = 12.5 },
        ],
        [
            new ActorTree.Node("/user", "GuardianActor", null, 0, TimeSpan.FromSeconds(61), 1,
                [new ActorTree.Node("/user/auth", "AuthRegistry", null, 2, TimeSpan.FromSeconds(60), 0, [])]),
        ],
        IsCut: false)
    {
        Messages =
        [
            new MessageProfile("session", "session.time-up", 6400, 1, 100)
            {
                PerSecond = 12.5,
                Busy = 0.125,
                Waiting = new MessageTimes(5e-3, 42e-3),
                Handling = new MessageTimes(123e-6, 456e-6),
            },
        ],
    };

    /// <summary>Names of nodes that do not answer.</summary>
    public ImmutableArray<string> Silent { get; set; } = [];

    /// <summary>The last question for sessions.</summary>
    public AuthRegistry.GetSessions? LastQuestion { get; set; }

    public LoginGuard Guard { get; } = new(
        new BanSettings
        {
            Window = TimeSpan.FromMinutes(5),
            FailuresPerUserAtAddress = 1,
            FailuresPerAddress = null,
            FailuresPerUser = null,
            Duration = TimeSpan.FromMinutes(5),
            KnownAddressTtl = TimeSpan.FromDays(1),
            Exempt = [],
            MaxEntries = 1000,
        },
        TimeProvider.System);

    /// <summary>Set: no question is answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Why the store writes nothing; null when it does.</summary>
    public string? StoreProblem { get; set; }

    public void Add(SessionView session) => Sessions = Sessions.Add(session.Id.Value, session);
}
