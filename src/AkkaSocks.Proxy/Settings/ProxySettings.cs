using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Limits;

namespace AkkaSocks.Proxy.Settings;

/// <summary>Everything under <c>akkasocks</c> in the configuration, typed and checked. No default stands here: they are all in
/// <c>hocon/reference.conf</c>.</summary>
internal sealed record ProxySettings
{
    /// <summary><c>node.name</c>: what this node is called in logs.</summary>
    public required string NodeName { get; init; }

    /// <summary><c>listeners</c>: where clients come in.</summary>
    public required ImmutableArray<ListenerSettings> Listeners { get; init; }

    /// <summary><c>auth</c>.</summary>
    public required AuthSettings Auth { get; init; }

    /// <summary><c>egress</c>.</summary>
    public required EgressSettings Egress { get; init; }

    /// <summary><c>relay</c>.</summary>
    public required RelaySettings Relay { get; init; }

    /// <summary><c>limits</c>.</summary>
    public required ProxyLimits Limits { get; init; }

    /// <summary><c>transport</c>.</summary>
    public required TransportSettings Transport { get; init; }

    /// <summary><c>log</c>.</summary>
    public required LogSettings Log { get; init; }
}

/// <summary>One entry of <c>listeners</c>.</summary>
/// <param name="Name">Its key in the configuration.</param>
/// <param name="Endpoint">Where it listens; port 0 lets the system choose.</param>
/// <param name="Protocols">What it accepts.</param>
internal sealed record ListenerSettings(string Name, IPEndPoint Endpoint, ImmutableArray<ListenerProtocol> Protocols);

/// <summary>A protocol that a listener may offer.</summary>
internal enum ListenerProtocol
{
    /// <summary>RFC 1928.</summary>
    Socks5,
}

/// <summary><c>auth</c>: who may use the proxy.</summary>
internal sealed record AuthSettings
{
    /// <summary><c>auth.methods</c>: what a listener accepts; password is preferred over none where a client offers both.</summary>
    public required ImmutableArray<AcceptedMethod> Methods { get; init; }

    /// <summary><c>auth.users</c>: name to password in PHC form.</summary>
    public required ImmutableArray<UserSettings> Users { get; init; }

    /// <summary><c>auth.verification.parallelism</c>: threads that verify passwords.</summary>
    public required int VerificationParallelism { get; init; }

    /// <summary><c>auth.verification.queue</c>: verifications that may wait; more are refused.</summary>
    public required int VerificationQueue { get; init; }

    /// <summary><c>auth.credential-cache.ttl</c>: how long a verified credential is remembered.</summary>
    public required TimeSpan CredentialCacheTtl { get; init; }

    /// <summary><c>auth.credential-cache.max-entries</c>.</summary>
    public required int CredentialCacheMaxEntries { get; init; }
}

/// <summary>An entry of <c>auth.methods</c>.</summary>
internal enum AcceptedMethod
{
    /// <summary>No authentication.</summary>
    None,

    /// <summary>User name and password (RFC 1929).</summary>
    Password,
}

/// <summary>One entry of <c>auth.users</c>.</summary>
/// <param name="Name">The user name, as text; compared as its UTF-8 bytes.</param>
/// <param name="Password">A PHC string.</param>
internal sealed record UserSettings(string Name, string Password);

/// <summary><c>egress</c>: how tunnels leave.</summary>
internal sealed record EgressSettings
{
    /// <summary><c>egress.special-purpose = deny</c>: refuse loopback, private, link-local, metadata, multicast … addresses.</summary>
    public required bool DenySpecialPurpose { get; init; }

    /// <summary><c>egress.allow</c>: networks allowed although they are special.</summary>
    public required ImmutableArray<IPNetwork> Allow { get; init; }

    /// <summary><c>egress.attempt-delay</c>: pause before the next address is tried beside the first (RFC 8305 §5).</summary>
    public required TimeSpan AttemptDelay { get; init; }

    /// <summary><c>egress.hide-bound-address</c>: BND.ADDR and BND.PORT of the reply are zero.</summary>
    public required bool HideBoundAddress { get; init; }

    /// <summary><c>egress.dns</c>.</summary>
    public required DnsSettings Dns { get; init; }
}

/// <summary><c>egress.dns</c>: how names become addresses.</summary>
internal sealed record DnsSettings
{
    /// <summary><c>egress.dns.servers</c>: empty takes those of the system's resolv.conf.</summary>
    public required ImmutableArray<IPEndPoint> Servers { get; init; }

    /// <summary><c>egress.dns.hosts-file</c>: read before any server is asked; empty reads none.</summary>
    public required string HostsFile { get; init; }

    /// <summary><c>egress.dns.timeout</c>: for one lookup, all retries included.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary><c>egress.dns.max-lookups</c>: lookups in flight at once.</summary>
    public required int MaxLookups { get; init; }

    /// <summary><c>egress.dns.max-waiting</c>: lookups that may wait for a free place; more are refused at once.</summary>
    public required int MaxWaiting { get; init; }

    /// <summary><c>egress.dns.cache</c>: answers are remembered for their TTL; off asks every time.</summary>
    public required bool Cache { get; init; }

    /// <summary><c>egress.dns.cache-max-entries</c>: names remembered at once.</summary>
    public required int CacheMaxEntries { get; init; }
}

/// <summary><c>relay</c>: how bytes are carried.</summary>
internal sealed record RelaySettings
{
    /// <summary><c>relay.engine</c>.</summary>
    public required RelayEngine Engine { get; init; }

    /// <summary><c>relay.idle-timeout</c>; zero means never.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary><c>relay.half-close-timeout</c>.</summary>
    public required TimeSpan HalfCloseTimeout { get; init; }
}

/// <summary>Who moves the bytes of a relay.</summary>
internal enum RelayEngine
{
    /// <summary>The tunnel where the transport has event loops, else the flow.</summary>
    Auto,

    /// <summary>One stage; the event loop moves the bytes.</summary>
    Tunnel,

    /// <summary>A source and a sink per direction; elements of pooled memory.</summary>
    Flow,
}

/// <summary><c>transport</c>.</summary>
internal sealed record TransportSettings
{
    /// <summary><c>transport.kind</c>.</summary>
    public required TransportKind Kind { get; init; }

    /// <summary><c>transport.event-loops</c>: loop threads; resolved from <c>auto</c>.</summary>
    public required int EventLoops { get; init; }

    /// <summary><c>transport.backlog</c>: connections the kernel may hold before accept.</summary>
    public required int Backlog { get; init; }
}

/// <summary>Which sockets.</summary>
internal enum TransportKind
{
    /// <summary>Epoll on Linux, sockets elsewhere.</summary>
    Auto,

    /// <summary>Event loops (Linux).</summary>
    Epoll,

    /// <summary>System.Net.Sockets.</summary>
    Sockets,
}

/// <summary><c>log</c>.</summary>
internal sealed record LogSettings
{
    /// <summary><c>log.level</c>: of the process log.</summary>
    public required LogLevelSetting Level { get; init; }

    /// <summary><c>log.sessions.format</c>: the line written for each ended session.</summary>
    public required SessionLogFormat Sessions { get; init; }

    /// <summary><c>log.sessions.file</c>: where those lines go; empty is standard output.</summary>
    public required string SessionsFile { get; init; }

    /// <summary><c>log.sessions.queue</c>: lines that may wait for the writer; more are dropped and counted.</summary>
    public required int SessionsQueue { get; init; }
}

/// <summary>An entry of <c>log.level</c>.</summary>
internal enum LogLevelSetting
{
    /// <summary>Everything.</summary>
    Debug,

    /// <summary>What an operator wants to see.</summary>
    Info,

    /// <summary>What may need a hand.</summary>
    Warning,

    /// <summary>What does need a hand.</summary>
    Error,
}

/// <summary>An entry of <c>log.sessions.format</c>.</summary>
internal enum SessionLogFormat
{
    /// <summary>No line.</summary>
    Off,

    /// <summary>One readable line.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,
}
