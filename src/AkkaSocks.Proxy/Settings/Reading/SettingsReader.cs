using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings.Hocon;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads every key under <c>akkasocks</c>, one method or reader per section. Ranges are what the code can bear; what is
/// sensible stands in <c>reference.conf</c>.</summary>
/// <param name="machine">What <c>auto</c> is derived from.</param>
/// <param name="passwordProblem">Says what is wrong with a PHC string; null when nothing is.</param>
internal sealed class SettingsReader(Machine machine, Func<string, string?> passwordProblem)
{
    // Descriptors that are no session's: libraries, logs, listeners, epoll (237 were counted in a node at rest, with the admin API),
    // lookups of names (two for each of egress.dns.max-lookups), and those that no session gets.
    private const int OwnDescriptors = 512;

    // The client's and the destination's.
    private const int DescriptorsPerSession = 2;
    private const int MostSessions = 1_000_000;

    private static readonly ValueReader<TimeSpan> Timeout = DurationText.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(30));
    private static readonly ValueReader<TimeSpan> TimeoutOrNever =
        DurationText.BetweenOrNever(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(30));

    /// <summary>Reads a resolved configuration. What it returns may be used only when no problem was found.</summary>
    public ProxySettings Read(HoconObject root, SettingsReading reading) => ConfigSection.ReadRoot(root, reading, config =>
    {
        config.PassOver("akka");
        return config.Section("akkasocks", Proxy);
    });

    private ProxySettings Proxy(ConfigSection proxy)
    {
        // Before the listeners, so that a mistake in the defaults is told under their own name.
        proxy.Section("listener-defaults", defaults =>
        {
            Protocols(defaults);
            defaults.Section("proxy-protocol", ProxyProtocolReader.ReadUnchecked);
            return defaults.Section("tls", ListenerTlsReader.ReadUnchecked);
        });
        var rules = new ListenerRules();
        var listeners = proxy.Entries("listeners", "listener-defaults", (name, listener) => rules.Admit(Listener(name, listener), listener));
        if (listeners.IsEmpty && proxy.HasSection("listeners"))
            proxy.Refuse("listeners", "none is left; add one, as in listeners { main { endpoint = \"127.0.0.1:1080\" } }");

        var node = proxy.Section("node", node => (
            Name: node.Value<string>("name", NodeNameText.Read),
            DataDirectory: node.Value("data-directory", ScalarText.ReadPathOrAuto(machine.StateDirectory))));
        return new ProxySettings
        {
            NodeName = node.Name,
            DataDirectory = node.DataDirectory,
            Listeners = listeners,
            Auth = proxy.Section("auth", auth => new AuthReader(machine, passwordProblem).Read(auth, rules)),
            Egress = proxy.Section("egress", EgressReader.Read),
            Relay = proxy.Section("relay", Relay),
            Udp = proxy.Section("udp", UdpReader.Read),
            Bind = proxy.Section("bind", BindReader.Read),
            Resolve = proxy.Section("resolve", resolve => new ResolveSettings { Enabled = resolve.Value<bool>("enabled", ScalarText.ReadFlag) }),
            Mitm = proxy.Section("mitm", mitm => MitmReader.Read(mitm, node.DataDirectory)),
            Limits = proxy.Section("limits", Limits),
            Transport = proxy.Section("transport", Transport),
            Log = proxy.Section("log", Log),
            Cluster = proxy.Section("cluster", ClusterReader.Read),
            Config = proxy.Section("config", config => new ConfigSettings { Watch = config.Value<bool>("watch", ScalarText.ReadFlag) }),
            Admin = proxy.Section("admin", admin => AdminReader.Read(admin, rules)),
            Metrics = proxy.Section("metrics", MetricsReader.Read),
        };
    }

    private static ListenerSettings Listener(string name, ConfigSection listener) =>
        new(name, listener.Value<IPEndPoint>("endpoint", EndpointText.Read), Protocols(listener))
        {
            ProxyProtocol = listener.Section("proxy-protocol", ProxyProtocolReader.Read),
            Tls = listener.Section("tls", ListenerTlsReader.Read),
        };

    private static ImmutableArray<ListenerProtocol> Protocols(ConfigSection listener) =>
        listener.SomeOf<ListenerProtocol>("protocols", "[socks5, socks4]");

    private static RelaySettings Relay(ConfigSection relay) => new()
    {
        Engine = relay.Value<RelayEngine>("engine", ScalarText.ReadName),
        IdleTimeout = relay.Value("idle-timeout", TimeoutOrNever),
        HalfCloseTimeout = relay.Value("half-close-timeout", Timeout),
    };

    private ProxyLimits Limits(ConfigSection limits) => new()
    {
        MaxSessions = limits.Value("max-sessions", ScalarText.ReadCountOrAuto(1, MostSessions, SessionsFor(machine))),
        MaxSessionsPerAddress = limits.Value("max-sessions-per-address", ScalarText.ReadCount(1, MostSessions)),
        MaxTlsHandshakes = limits.Value("max-tls-handshakes", ScalarText.ReadCount(1, MostSessions)),
        HandshakeTimeout = limits.Value("handshake-timeout", Timeout),
        ConnectTimeout = limits.Value("connect-timeout", Timeout),
    };

    // Where descriptors are few, sessions get half of them: what is missing then makes listeners pause.
    private static int SessionsFor(Machine machine) => machine.OpenFiles is { } openFiles
        ? Math.Clamp((openFiles - Math.Min(OwnDescriptors, openFiles / 2)) / DescriptorsPerSession, 1, MostSessions)
        : MostSessions;

    private TransportSettings Transport(ConfigSection transport) => new()
    {
        Kind = transport.Value<TransportKind>("kind", ScalarText.ReadName),
        EventLoops = transport.Value("event-loops", ScalarText.ReadCountOrAuto(1, 1024, machine.Processors)),
        TlsThreads = transport.Value("tls-threads", ScalarText.ReadCountOrAuto(1, 1024, machine.Processors)),
        Backlog = transport.Value("backlog", ScalarText.ReadCount(1, 65_535)),
    };

    private static LogSettings Log(ConfigSection log)
    {
        var level = log.Value<LogLevelSetting>("level", ScalarText.ReadName);
        var audit = log.Section("audit", section => section.Value<string>("file", ScalarText.Read));
        var failedLogins = log.Section("failed-logins", section => section.Value<string>("file", ScalarText.Read));
        var rotation = log.Section("rotation", section => new LogRotationSettings
        {
            MaxBytes = section.Value<long?>("max-size", SizeText.ReadOrUnlimited),
            MaxAge = section.Value("max-age", DurationText.BetweenOrNever(TimeSpan.FromMinutes(1), TimeSpan.FromDays(365))),
            Keep = section.Value("keep", ScalarText.ReadCount(1, 1000)),
        });
        return log.Section("sessions", sessions => new LogSettings
        {
            Level = level,
            Sessions = sessions.Value<SessionLogFormat>("format", ScalarText.ReadName),
            SessionsFile = sessions.Value<string>("file", ScalarText.Read),
            SessionsQueue = sessions.Value("queue", ScalarText.ReadCount(1, 1_000_000)),
            FailedLoginsFile = failedLogins,
            Rotation = rotation,
            AuditFile = audit,
        });
    }
}
