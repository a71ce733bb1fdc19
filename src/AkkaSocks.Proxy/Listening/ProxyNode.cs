using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Sessions.Explaining;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;
using AkkaSocks.Proxy.Transport.Tls;
using Cluster = Akka.Cluster.Cluster;

namespace AkkaSocks.Proxy.Listening;

/// <summary>A running node: where everything a session needs is put together, once, and where it is taken apart again.</summary>
internal sealed class ProxyNode
{
    private readonly List<(string Name, ListenSocket Socket)> _listeners = [];
    private readonly List<IActorRef> _parents = [];
    private readonly OwnAddresses _ownAddresses = new(OwnAddresses.OfThisHost, TimeProvider.System);
    private readonly OwnEndpoints _ownEndpoints;
    private readonly NameResolver _resolver;
    private readonly SessionLog _log;
    private readonly LedgerCounters _ledgerCounters = new();
    private HandshakePool? _tlsHandshakes;
    private UserStore? _users;
    private IActorRef _userStore = ActorRefs.Nobody;
    private Cluster? _cluster;

    private ProxyNode(ActorSystem system, ProxySettings settings, NetworkTransport transport, ProxyMetrics metrics)
    {
        Settings = settings;
        Metrics = metrics;
        Actors = new ActorTree(system, () => LiveSessions.All().Select(session => (session.Actor, session.Record)));
        Gate = new ConnectionGate(settings.Limits);
        Health = new NodeHealth(transport, Gate, settings.Limits, () => _listeners.Count, () => _users?.Stale?.Reason);
        Drained = NodeDeparture.Of(Drain, Gate, settings.Cluster.DrainTimeout);
        _ownEndpoints = new OwnEndpoints(_ownAddresses);
        _resolver = new NameResolver(settings.Egress.Dns);
        _log = OpenLog(settings);
    }

    /// <summary>What the node was started with.</summary>
    public ProxySettings Settings { get; }

    /// <summary>Where it listens: the listeners' names and the addresses that were bound.</summary>
    public IReadOnlyList<(string Name, IPEndPoint Bound)> Endpoints => [.. _listeners.Select(it => (it.Name, it.Socket.Bound))];

    /// <summary>The gate, which knows how many sessions there are.</summary>
    public ConnectionGate Gate { get; }

    /// <summary>Who may log in.</summary>
    public UserDirectory Users => _users?.Directory ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>The sessions there are.</summary>
    public LiveSessions LiveSessions { get; private set; } = new(0);

    /// <summary>Begun, the node takes no new sessions any more.</summary>
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
        Drain.Begin(DrainCause.Stopping);
        foreach (var (_, socket) in _listeners)
            socket.Close();
        await Task.WhenAll(_parents.Select(parent => parent.GracefulStop(TimeSpan.FromSeconds(5)))).ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        if (!_userStore.IsNobody())
            await _userStore.GracefulStop(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        await Task.Run(() => _users?.Dispose()).ConfigureAwait(false);
        _resolver.Dispose();
        _tlsHandshakes?.Dispose();
        Metrics.Dispose();
    }

    internal static async Task<ProxyNode> Start(
        ActorSystem system,
        ProxySettings settings,
        NetworkTransport transport,
        IReadOnlyList<IPEndPoint> ownEndpoints,
        IHttpForwarding? httpForwarding,
        ProxyMetrics metrics,
        ILoggingAdapter log)
    {
        var node = new ProxyNode(system, settings, transport, metrics);
        foreach (var endpoint in ownEndpoints)
            node._ownEndpoints.Add(endpoint);
        try
        {
            node.Open(system, transport, httpForwarding, log);
            return node;
        }
        catch (StartFailedException)
        {
            await node.StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Open(ActorSystem system, NetworkTransport transport, IHttpForwarding? httpForwarding, ILoggingAdapter log)
    {
        if (transport is EpollTransport epoll)
            CountLoops(epoll.Loops);
        DeclareMetrics(system);
        _users = OpenUsers(Settings);
        Metrics.All.Gauge("akkasocks.users", "{user}", "Users that are known.", () => Users.Count);
        _userStore = system.ActorOf(UserStoreActor.Props(_users, Settings.NodeName, TimeProvider.System), "users");
        var users = _users.Directory;
        var authenticator = new Authenticator(Settings.Auth, users, TimeProvider.System);
        var ownSessions = new OwnSessions();
        LiveSessions = new LiveSessions(transport.Lanes.Count);
        Metrics.Sessions.Running = () => LiveSessions.All().Select(session => session.Record);
        var gauge = new NodeGauge(Metrics, Drain, TimeProvider.System);
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
        var policy = new DestinationPolicy(Settings.Egress, _ownEndpoints);
        var dialer = new Dialer(Settings.Egress, policy, _resolver);
        var associations = new UdpAssociations(Settings.Udp, policy, _resolver, Metrics.Udp);
        var bindPorts = new BindPorts(Settings.Bind, policy);
        var lanes = transport.Lanes.Select(lane => (Lane: lane, Graphs: new RelayGraphs(system, lane, Settings.Relay.Engine))).ToList();
        var ids = new SessionId.Source();
        foreach (var listener in Settings.Listeners)
        {
            var proxies = new TrustedProxies(listener.ProxyProtocol);
            var tls = OpenTls(listener, log);
            IActorRef[] parents = [.. lanes.Select(it => Parent(listener, proxies, tls, it.Lane, it.Graphs))];
            _parents.AddRange(parents);
            Bind(transport, listener, new Acceptor(listener.Name, parents, proxies, Gate, ids, _log, Metrics, Tap, log));
        }

        foreach (var endpoint in ClusterEntry.EndpointsOf(system, Settings.Cluster))
            _ownEndpoints.Add(endpoint);

        // Last: whoever asks a member finds its registry, and a node that cannot serve never becomes one.
        _cluster = ClusterEntry.Join(system, Drain);
        NodeMetrics.DeclareCluster(Metrics.All, _cluster);

        IActorRef Parent(ListenerSettings listener, TrustedProxies proxies, SecuredListener? tls, Lane lane, RelayGraphs graphs) =>
            system.ActorOf(
            ListenerActor.Props(Explained(new SessionWiring
            {
                Settings = Settings,
                Listener = listener,
                Proxies = proxies,
                Tls = tls,
                Lane = lane,
                Graphs = graphs,
                HttpForwarding = httpForwarding,
                Dialer = dialer,
                Associations = associations,
                BindPorts = bindPorts,
                Authenticator = authenticator,
                AuthRegistry = registry,
                Users = users,
                OwnSessions = ownSessions,
                LiveSessions = LiveSessions,
                Drain = Drain,
                Log = _log,
                Metrics = Metrics,
                Tap = Tap,
            })),
            $"listener-{listener.Name}-{lane.Index}");
    }

    /// <summary>Whoever explains goes by what sessions are given.</summary>
    private SessionWiring Explained(SessionWiring wiring)
    {
        Explainer ??= new Explainer(wiring, Gate);
        return wiring;
    }

    private void DeclareMetrics(ActorSystem system)
    {
        NodeMetrics.DeclareNode(Metrics.All, Settings, Gate, Drain);
        Metrics.AddLostMessages(new LostMessages(system));
        Metrics.AddSessionLog(_log);
        _resolver.Counters.Declare(Metrics.All);
        _ledgerCounters.Declare(Metrics.All);
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

    private SecuredListener? OpenTls(ListenerSettings listener, ILoggingAdapter log)
    {
        if (listener.Tls is not { } tls)
            return null;
        try
        {
            _tlsHandshakes ??= new HandshakePool(Settings.Transport.TlsThreads, Settings.Limits.MaxTlsHandshakes);
            return SecuredListener.Open(listener.Name, tls, _tlsHandshakes, log);
        }
        catch (Exception cause) when (cause is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateUnavailableException(listener.Name, cause);
        }
    }

    private void Bind(NetworkTransport transport, ListenerSettings listener, Acceptor acceptor)
    {
        try
        {
            var socket = transport.Listen(listener.Endpoint, Settings.Transport.Backlog, acceptor);
            _listeners.Add((listener.Name, socket));
            _ownEndpoints.Add(socket.Bound);
        }
        catch (SocketException cause)
        {
            throw new BindFailedException(listener, cause);
        }
    }

    private void CountLoops(IReadOnlyList<EventLoop> loops) => Metrics.AddLoops(
        loops.Count,
        loop => loops[loop].Counters.Turns,
        loop => loops[loop].Counters.Busy,
        loop => loops[loop].Counters.Longest,
        loop => loops[loop].Buffers.Fallbacks);

    private static SessionLog OpenLog(ProxySettings settings)
    {
        var line = new SessionLine(settings.NodeName);
        return settings.Log.Sessions switch
        {
            SessionLogFormat.Json => new SessionLog(Output(), line.WriteJson, settings.Log.SessionsQueue),
            SessionLogFormat.Text => new SessionLog(Output(), line.WriteText, settings.Log.SessionsQueue),
            _ => new SessionLog(null, line.WriteText, settings.Log.SessionsQueue),
        };

        // Unbuffered: the log gathers lines itself, and a line that could not be written must not come back later.
        Stream Output() => settings.Log.SessionsFile.Length == 0
            ? Console.OpenStandardOutput()
            : OpenFile(settings.Log.SessionsFile);
    }

    private static FileStream OpenFile(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new LogUnavailableException(file, cause);
        }
    }
}
