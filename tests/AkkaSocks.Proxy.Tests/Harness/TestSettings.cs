using System.Net;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>Settings for nodes inside a test: loopback is allowed, ports are the system's choice, and time is short.</summary>
internal static class TestSettings
{
    public static ProxySettings Default { get; } = new()
    {
        NodeName = "test",
        DataDirectory = "/nonexistent",
        Listeners = [new ListenerSettings("main", new IPEndPoint(IPAddress.Loopback, 0), [ListenerProtocol.Socks5]) { ProxyProtocol = null, Tls = null }],
        Auth = new AuthSettings
        {
            Methods = [AcceptedMethod.None],
            Users = [],
            Store = new UserStoreSettings { Kind = UserStoreKind.None, Queue = 64, PostgresConnection = "" },
            VerificationParallelism = 2,
            VerificationQueue = 64,
            CredentialCacheTtl = TimeSpan.FromMinutes(10),
            CredentialCacheMaxEntries = 1000,
            Bans = new BanSettings
            {
                Window = TimeSpan.FromMinutes(5),
                FailuresPerUserAtAddress = 1000,
                FailuresPerAddress = 1000,
                FailuresPerUser = 1000,
                Duration = TimeSpan.FromMinutes(5),
                KnownAddressTtl = TimeSpan.FromDays(1),
                Exempt = [],
                MaxEntries = 1000,
            },
            OnIsolation = IsolationPolicy.Local,
        },
        Egress = new EgressSettings
        {
            DenySpecialPurpose = true,
            Allow = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")],
            AttemptDelay = TimeSpan.FromMilliseconds(250),
            HideBoundAddress = false,
            ProxyProtocol = [],
            Dns = new DnsSettings
            {
                Servers = [],
                HostsFile = "/etc/hosts",
                Timeout = TimeSpan.FromSeconds(4),
                MaxLookups = 64,
                MaxWaiting = 64,
                Cache = true,
                CacheMaxEntries = 1000,
            },
        },
        Relay = new RelaySettings
        {
            Engine = RelayEngine.Auto,
            IdleTimeout = TimeSpan.FromMinutes(15),
            HalfCloseTimeout = TimeSpan.FromSeconds(60),
        },
        Udp = new UdpSettings
        {
            Enabled = true,
            AdvertisedAddress = null,
            Ports = null,
            StrictPort = false,
            FullCone = false,
            DenyAmplifiers = true,
            IdleTimeout = TimeSpan.FromMinutes(15),
            DestinationIdleTimeout = TimeSpan.FromSeconds(60),
            MaxAssociationsPerUser = null,
            MaxDestinations = 100,
            MaxLookups = 16,
            PacketsPerSecond = null,
            BytesPerSecond = null,
            PacketsPerSecondToDestination = null,
        },
        Bind = new BindSettings
        {
            Enabled = false,
            Timeout = TimeSpan.FromSeconds(120),
            Ports = null,
            AllowAnyPeer = false,
            AdvertisedAddress = null,
        },
        Resolve = new ResolveSettings { Enabled = false },
        Mitm = new MitmSettings
        {
            Enabled = false,
            OnEngineFailure = Unopened.Relay,
            Scope = new MitmScopeSettings { Include = [], Exclude = [], Users = ["*"], Ports = [] },
            SniffTimeout = TimeSpan.FromMilliseconds(400),
            MaxClientHello = 16_384,
            OnUnknown = Unopened.Relay,
            Ca = new MitmCaSettings { Directory = "/nonexistent", Certificate = "", Key = "", AutoCreate = false },
            LeafValidity = TimeSpan.FromDays(90),
            LeafCacheSize = 100,
            Origins = new MitmOriginSettings { Verify = true, ExtraRoots = [], OnInvalidCertificate = InvalidCertificate.ErrorPage },
            KeyLog = "",
            Pinning = new PinningSettings { Learn = true, Ttl = TimeSpan.FromHours(1), SilentFailures = 2, MaxEntries = 100 },
            Exchanges = new ExchangeSettings
            {
                Rules = [],
                Bodies = new BodySettings(2 * 1024 * 1024, 200),
                Capture = new CaptureSettings
                {
                    Level = CaptureLevel.Off, Ring = 100, MemoryBudget = 1024 * 1024, BodyLimit = 0, RedactFields = [], RedactParameters = [], IsForReaders = false,
                },
                Inspectors = [],
                RawFlows = [],
                Datagrams = [],
            },
        },
        Limits = new ProxyLimits
        {
            MaxSessions = 5000,
            MaxSessionsPerAddress = 5000,
            MaxTlsHandshakes = 5000,
            HandshakeTimeout = TimeSpan.FromSeconds(10),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        },
        Transport = new TransportSettings { Kind = TransportKind.Auto, EventLoops = 2, TlsThreads = 2, Backlog = 1024 },
        Log = new LogSettings
        {
            Level = LogLevelSetting.Warning,
            Sessions = SessionLogFormat.Json,
            SessionsFile = "",
            SessionsQueue = 100_000,
            FailedLoginsFile = "",
            Rotation = new LogRotationSettings { MaxBytes = null, MaxAge = TimeSpan.Zero, Keep = 1 },
            AuditFile = "",
        },
        Cluster = new ClusterSettings
        {
            Host = "127.0.0.1",
            Port = 0,
            Seeds = [],
            PreStopDelay = TimeSpan.Zero,
            DrainTimeout = TimeSpan.FromSeconds(60),
            PairAfter = TimeSpan.FromSeconds(5),
            Tls = null,
        },
        Config = new ConfigSettings { Watch = false },
        Admin = new AdminSettings { Endpoint = null, Token = null, ReadToken = null },
        Metrics = new MetricsSettings { Prometheus = PrometheusAccess.Open, PerUser = null, Actors = true, Otlp = null },
    };

    /// <summary>The same with the listener's settings changed.</summary>
    public static ProxySettings With(this ProxySettings settings, Func<ListenerSettings, ListenerSettings> change) =>
        settings with { Listeners = [change(settings.Listeners[0])] };

    /// <summary>The same over one transport and engine.</summary>
    public static ProxySettings Over(this ProxySettings settings, Engine engine) => settings with
    {
        Transport = settings.Transport with { Kind = engine == Engine.SocketsFlow ? TransportKind.Sockets : TransportKind.Epoll },
        Relay = settings.Relay with { Engine = engine == Engine.EpollTunnel ? RelayEngine.Tunnel : RelayEngine.Flow },
    };

    /// <summary>The same with another engine.</summary>
    public static ProxySettings Over(this ProxySettings settings, RelayEngine engine) =>
        settings with { Relay = settings.Relay with { Engine = engine } };

    /// <summary>The same over one way that bytes can take.</summary>
    public static ProxySettings Over(this ProxySettings settings, Way way) => way switch
    {
        Way.EpollBare => settings.Over(Engine.EpollTunnel).Over(RelayEngine.Bare),
        Way.TlsOnEpoll => settings.Over(Engine.EpollTunnel).Secured(),
        Way.TlsOnSockets => settings.Over(Engine.SocketsFlow).Secured(),
        _ => settings.Over((Engine)way),
    };
}

/// <summary>Every transport × engine there is.</summary>
public enum Engine
{
    EpollTunnel,
    EpollFlow,
    SocketsFlow,
}

/// <summary>Every way that the bytes of a relay can take: the engines, and a client inside TLS, whatever the engine that is asked for.</summary>
public enum Way
{
    EpollTunnel = Engine.EpollTunnel,
    EpollFlow = Engine.EpollFlow,
    SocketsFlow = Engine.SocketsFlow,
    EpollBare,
    TlsOnEpoll,
    TlsOnSockets,
}
