using System.Net;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Sessions.Explaining;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;
using Cluster = Akka.Cluster.Cluster;

namespace AkkaSocks.Proxy.Listening;

/// <summary>A running node: where everything a session needs is put together, once and at every reload, and where it is taken apart
/// again.</summary>
internal sealed class ProxyNode
{
    private readonly AssociationGate _associationGate;
    private readonly OwnAddresses _ownAddresses = new(OwnAddresses.OfThisHost, TimeProvider.System);
    private readonly OwnEndpoints _ownEndpoints;
    private readonly SessionLog _log;
    private readonly LedgerCounters _ledgerCounters = new();
    private NameResolver _resolver;
    private ProxySettings _settings;
    private ConfigVersion? _config;
    private NodeListeners? _listeners;
    private NodeParts? _parts;
    private UserStore? _users;
    private IActorRef _userStore = ActorRefs.Nobody;
    private Cluster? _cluster;

    private ProxyNode(ActorSystem system, ProxySettings settings, NetworkTransport transport, ProxyMetrics metrics, ILoggingAdapter log)
    {
        _settings = settings;
        Metrics = metrics;
        Actors = new ActorTree(system, () => LiveSessions.All().Select(session => (session.Actor, session.Record)));
        Gate = new ConnectionGate(settings.Limits);
        Health = new NodeHealth(transport, Gate, () => _listeners?.Count ?? 0, () => _users?.Stale?.Reason);
        Drained = new NodeDeparture(Drain, Gate, settings.Cluster, () => _listeners?.Close(), log).CompletesAsync();
        _associationGate = new AssociationGate(settings.Udp.MaxAssociationsPerUser, Gate);
        _ownEndpoints = new OwnEndpoints(_ownAddresses);
        _resolver = new NameResolver(settings.Egress.Dns);
        _log = NodeLogs.Open(settings);
    }

    /// <summary>What the node goes by.</summary>
    public ProxySettings Settings => Volatile.Read(ref _settings);

    /// <summary>Which configuration that is; null where nobody has said so.</summary>
    public ConfigVersion? Config
    {
        get => Volatile.Read(ref _config);
        set => Volatile.Write(ref _config, value);
    }

    /// <summary>Where it listens: the listeners' names and the addresses that were bound.</summary>
    public IReadOnlyList<(string Name, IPEndPoint Bound)> Endpoints => _listeners?.Endpoints ?? [];

    /// <summary>The gate, which knows how many sessions there are.</summary>
    public ConnectionGate Gate { get; }

    /// <summary>Who may log in.</summary>
    public UserDirectory Users => _users?.Directory ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>The sessions there are.</summary>
    public LiveSessions LiveSessions { get; private set; } = new(0);

    /// <summary>Begun, the node is on its way out.</summary>
    public NodeDrain Drain { get; } = new();

    /// <summary>Completes when the node has begun to drain and has no sessions left, or has waited long enough: it is to be stopped.
    /// </summary>
    public Task<DrainCause> Drained { get; }

    /// <summary>Other nodes can take the clients of this one.</summary>
    public bool HasOthers => _cluster?.State.Members.Count > 1;

    /// <summary>The node's figures.</summary>
    public ProxyMetrics Metrics { get; }

    /// <summary>The actors of the node's system.</summary>
    public ActorTree Actors { get; }

    /// <summary>What keeps it from working well.</summary>
    public NodeHealth Health { get; }

    /// <summary>Says what would become of a request here; null until the node has started.</summary>
    public Explainer? Explainer { get; private set; }

    /// <summary>Where whoever watches the node hears of its sessions.</summary>
    public SessionTap Tap { get; } = new();

    /// <summary>Creates the event loops and what the ActorSystem needs to know of them.</summary>
    public static PreparedNode Prepare(ProxySettings settings) => new(settings);

    /// <summary>Stops accepting, ends every session and writes the last lines of the session log.</summary>
    public async Task StopAsync()
    {
        Drain.Close();
        Drain.Begin(DrainCause.Stopping);
        if (_listeners is not null)
            await _listeners.StopAsync().ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        if (!_userStore.IsNobody())
            await _userStore.GracefulStop(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        await Task.Run(() => _users?.Dispose()).ConfigureAwait(false);
        _resolver.Dispose();
        Metrics.Dispose();
    }

    /// <summary>Goes by other settings from now on; sessions that run go on by theirs. Reads files and binds sockets, so not for an actor,
    /// and not for two threads at once.</summary>
    /// <param name="settings">They differ from <see cref="Settings"/> in nothing that needs a restart.</param>
    /// <exception cref="StartFailedException">A listener cannot be bound or its files not be used: all is as before.</exception>
    public void Reload(ProxySettings settings)
    {
        if (_parts is not { } parts || _listeners is not { } listeners)
            throw new InvalidOperationException("The node has not started.");
        var before = Settings;
        var fixedUsers = FixedUsers.Of(settings.Auth).ToList();

        // What still looks names up by the old one comes to its end by itself.
        var resolver = settings.Egress.Dns.IsSameAs(before.Egress.Dns) ? _resolver : new NameResolver(settings.Egress.Dns, _resolver.Counters);
        Follow(settings, resolver, listeners, parts);
        _resolver = resolver;
        Gate.Limits = settings.Limits;
        _associationGate.MaxPerUser = settings.Udp.MaxAssociationsPerUser;
        parts.Authenticator.Guard.Settings = settings.Auth.Bans;
        parts.Users.ReplaceFixed(fixedUsers);
        Volatile.Write(ref _settings, settings);
        if (settings.Auth.Methods.Contains(AcceptedMethod.Password) && !before.Auth.Methods.Contains(AcceptedMethod.Password))
            Verifications.Measure(parts.Authenticator, parts.AuthRegistry);
    }

    internal static async Task<ProxyNode> Start(
        ActorSystem system,
        ProxySettings settings,
        NetworkTransport transport,
        IReadOnlyList<IPEndPoint> ownEndpoints,
        IHttpForwarding? httpForwarding,
        IInterceptor? interceptor,
        IDistortion? distortion,
        Func<CaptureRing?> exchanges,
        ProxyMetrics metrics,
        ProcessLog lines,
        ILoggingAdapter log)
    {
        var node = new ProxyNode(system, settings, transport, metrics, log);
        foreach (var endpoint in ownEndpoints)
            node._ownEndpoints.Add(endpoint);
        try
        {
            node.Open(system, transport, httpForwarding, interceptor, distortion, exchanges, lines, log);
            return node;
        }
        catch (StartFailedException)
        {
            await node.StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Open(
        ActorSystem system,
        NetworkTransport transport,
        IHttpForwarding? httpForwarding,
        IInterceptor? interceptor,
        IDistortion? distortion,
        Func<CaptureRing?> exchanges,
        ProcessLog lines,
        ILoggingAdapter log)
    {
        if (transport is EpollTransport epoll)
            CountLoops(epoll.Loops);
        DeclareMetrics(system);
        _users = OpenUsers(Settings);
        Metrics.All.Gauge("akkasocks.users", "{user}", "Users that are known.", () => Users.Count);
        _userStore = system.ActorOf(UserStoreActor.Props(_users, Settings.NodeName, TimeProvider.System), "users");
        var users = _users.Directory;
        var authenticator = new Authenticator(Settings.Auth, users, TimeProvider.System);
        authenticator.Guard.Declare(Metrics.All);
        var ownSessions = new OwnSessions();
        LiveSessions = new LiveSessions(transport.Lanes.Count);
        Metrics.Sessions.Running = () => LiveSessions.All().Select(session => session.Record);
        var gauge = new NodeGauge(Metrics, Drain, TimeProvider.System) { Config = () => Config };
        var registry = system.ActorOf(
            AuthRegistry.Props(new RegistryWiring
            {
                Settings = Settings,
                Authenticator = authenticator,
                Users = users,
                OwnSessions = ownSessions,
                LiveSessions = LiveSessions,
                Drain = Drain,
                Counters = _ledgerCounters,
                Tap = Tap,
                Actors = new ActorViews(Actors, Metrics.Actors, TimeProvider.System),
                Exchanges = exchanges,
                Log = lines,
                Gauge = gauge,
            }),
            AuthRegistry.Name);
        system.ActorOf(
            EventFeed.Props(new FeedWiring
            {
                NodeName = Settings.NodeName, Tap = Tap, Gauge = gauge, LiveSessions = LiveSessions, Users = users,
                Bans = authenticator.Guard, Drain = Drain,
            }),
            EventFeed.Name);
        var graphs = new LivingGraphs();
        Metrics.AddGraphs(() => graphs.Count);
        system.ActorOf(ExchangeFeed.Props(Settings.NodeName, exchanges), ExchangeFeed.Name);
        system.ActorOf(LogFeed.Props(Settings.NodeName, lines), LogFeed.Name);
        _parts = new NodeParts
        {
            Lanes = [.. transport.Lanes.Select(lane => (lane, new RelayGraphs(system, lane, Settings.Relay.Engine, graphs)))],
            HttpForwarding = httpForwarding,
            Interceptor = interceptor,
            Distortion = distortion,
            OwnEndpoints = _ownEndpoints,
            AssociationGate = _associationGate,
            Authenticator = authenticator,
            AuthRegistry = registry,
            Users = users,
            OwnSessions = ownSessions,
            LiveSessions = LiveSessions,
            Drain = Drain,
            Log = _log,
            Metrics = Metrics,
            Tap = Tap,
        };
        var ids = new SessionId.Source();
        _listeners = new NodeListeners(
            system, transport, _ownEndpoints, entrance => new Acceptor(entrance, Gate, ids, _log, Metrics, Tap, log), log);
        Follow(Settings, _resolver, _listeners, _parts);
        foreach (var endpoint in ClusterEntry.EndpointsOf(system, Settings.Cluster))
            _ownEndpoints.Add(endpoint);

        // Last: whoever asks a member finds its registry, and a node that cannot serve never becomes one.
        _cluster = ClusterEntry.Join(system, Drain);
        NodeMetrics.DeclareCluster(Metrics.All, _cluster);
    }

    /// <summary>Has listeners and whoever explains go by the settings: both by what sessions are given.</summary>
    private void Follow(ProxySettings settings, NameResolver resolver, NodeListeners listeners, NodeParts parts)
    {
        var wirings = parts.Under(settings, resolver);
        listeners.Follow(settings, wirings);
        var first = settings.Listeners[0];
        Explainer = new Explainer(wirings(first, new TrustedProxies(first.ProxyProtocol), tls: null)[0], Gate);
    }

    private void DeclareMetrics(ActorSystem system)
    {
        NodeMetrics.DeclareNode(Metrics.All, () => Settings, Gate, Drain);
        Metrics.AddLostMessages(new LostMessages(system));
        Metrics.AddSessionLog(_log);
        _resolver.Counters.Declare(Metrics.All);
        _ledgerCounters.Declare(Metrics.All);
        Metrics.Tls.Declare(Metrics.All, () => _listeners?.PendingHandshakes ?? 0);
        NodeMetrics.DeclareConfig(Metrics.All, () => Config);
    }

    private static UserStore OpenUsers(ProxySettings settings)
    {
        try
        {
            return UserStore.Open(settings);
        }
        catch (UserStoreException cause)
        {
            throw new UsersUnavailableException(cause);
        }
    }

    private void CountLoops(IReadOnlyList<EventLoop> loops) => Metrics.AddLoops(
        loops.Count,
        loop => loops[loop].Counters.Turns,
        loop => loops[loop].Counters.Busy,
        loop => loops[loop].Counters.Longest,
        loop => loops[loop].Buffers.Fallbacks);
}
