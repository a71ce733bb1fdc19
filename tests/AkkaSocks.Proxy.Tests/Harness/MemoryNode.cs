using System.Net;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport.Tls;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>
/// Sessions without a network, a clock or a password to verify: a real listener actor and its sessions, on a lane in memory
/// and a dispatcher that runs an actor within Tell. So whatever a test causes has happened when the call returns.
/// </summary>
internal sealed class MemoryNode : IAsyncDisposable
{
    private const string Dispatcher = "within-tell";
    private readonly ActorSystem _system;
    private readonly IActorRef _listener;
    private readonly SessionWiring _wiring;
    private readonly NameResolver _resolver;
    private readonly TrustedProxies _proxies;
    private readonly SessionId.Source _ids = new();
    private readonly HandshakePool _handshakes;

    private MemoryNode(ActorSystem system, ProxySettings settings, bool canTunnel)
    {
        _system = system;
        Lane = new MemoryLane(Dispatcher, canTunnel);
        Gate = new ConnectionGate(settings.Limits);
        _resolver = new NameResolver(settings.Egress.Dns);
        _handshakes = new HandshakePool(threads: 1, settings.Limits.MaxTlsHandshakes);
        var users = new UserDirectory(FixedUsers.Of(settings.Auth));
        Verdicts = new ScriptedVerdicts(users);
        var own = new OwnEndpoints(new OwnAddresses(() => [], TimeProvider.System));
        var policy = new DestinationPolicy(settings.Egress, own);
        _listener = system.ActorOf(ListenerActor.Props(Lane));
        _wiring = new SessionWiring
        {
            Settings = settings,
            Listener = settings.Listeners[0],
            Proxies = _proxies = new TrustedProxies(settings.Listeners[0].ProxyProtocol),
            Tls = settings.Listeners[0].Tls is { } tls ? SecuredListener.Open("main", tls, _handshakes, NoLogger.Instance) : null,
            Lane = Lane,
            HttpForwarding = null,
            Distortion = null,
            Interceptor = null,
            Graphs = new RelayGraphs(system, Lane, RelayEngine.Auto, new LivingGraphs()),
            Dialer = new Dialer(settings.Egress, policy, _resolver),
            Associations = new UdpAssociations(settings.Udp, policy, _resolver, Metrics.Udp, new AssociationGate(settings.Udp.MaxAssociationsPerUser, Gate)),
            BindPorts = new BindPorts(settings.Bind, policy),
            Authenticator = new Authenticator(settings.Auth, users, TimeProvider.System),
            Users = users,
            OwnSessions = OwnSessions,
            LiveSessions = LiveSessions,
            Drain = Drain,
            AuthRegistry = system.ActorOf(ScriptedVerdicts.Props(Verdicts).WithDispatcher(Dispatcher)),
            Log = Log = new SessionLog(Stream.Null, (record, _) => Logged.Add(record), 1_000_000),
            Metrics = Metrics,
            Tap = Tap,
        };
    }

    public MemoryLane Lane { get; }

    public ConnectionGate Gate { get; }

    public ProxyMetrics Metrics { get; } = new();

    public OwnSessions OwnSessions { get; } = new();

    public LiveSessions LiveSessions { get; } = new(1);

    public HandshakePool Handshakes => _handshakes;

    public NodeDrain Drain { get; } = new();

    public SessionTap Tap { get; } = new();

    public SessionLog Log { get; }

    /// <summary>Records that reached the log. Complete once the node is disposed of.</summary>
    public List<SessionRecord> Logged { get; } = [];

    /// <summary>Who decides over logins.</summary>
    public ScriptedVerdicts Verdicts { get; }

    public static async Task<MemoryNode> StartAsync(ProxySettings settings, bool canTunnel = true)
    {
        var system = ActorSystem.Create("memory", $$"""
            {{Dispatcher}} { type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit", throughput = 2147483647 }
            akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }
            """);
        var node = new MemoryNode(system, settings, canTunnel);

        // From here on both actors are started, and messages to them are handled within Tell.
        await node._listener.Ask<ActorIdentity>(new Identify(0)).InTime();
        await node._wiring.AuthRegistry.Ask<ActorIdentity>(new Identify(0)).InTime();
        return node;
    }

    /// <summary>A client connects.</summary>
    public MemorySession Accept(IoFaults? faults = null)
    {
        var client = new MemoryConnection(new IPEndPoint(IPAddress.Loopback, 50000), faults);
        var record = new SessionRecord(_ids.Next(), "main", client.Remote, Environment.TickCount64);
        GateLease lease;
        if ((_proxies.Include(client.Remote.Address) ? Gate.TryEnter(out lease) : Gate.TryEnter(client.Remote.Address, out lease)) != Refusal.None)
            throw new InvalidOperationException("A lease was not returned by a session before.");
        Metrics.Sessions.Accept();
        Lane.Faults = faults;
        _listener.Tell(new SessionActor.Accepted(client, lease, record, _wiring));
        return new MemorySession(client, record);
    }

    /// <summary>All leases are returned and each session was reported once.</summary>
    public bool IsQuiet => Gate.Sessions == 0 && Metrics.Sessions.Open == 0;

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        await Log.DisposeAsync();
        _resolver.Dispose();
        _handshakes.Dispose();
        Metrics.Dispose();
    }
}

/// <summary>A session of a <see cref="MemoryNode"/>, seen from its client.</summary>
internal sealed record MemorySession(MemoryConnection Client, SessionRecord Record)
{
    /// <summary>It was reported.</summary>
    public bool IsOver => Record.EndedAt != 0;
}
