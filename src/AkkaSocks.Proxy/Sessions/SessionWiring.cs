using Akka.Actor;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>What every session of a listener on a lane is given, under one configuration. Nothing in it changes: a reload makes another
/// one, for the sessions that come then.</summary>
internal sealed record SessionWiring
{
    /// <summary>The settings it lives by.</summary>
    public required ProxySettings Settings { get; init; }

    /// <summary>Where its client came in.</summary>
    public required ListenerSettings Listener { get; init; }

    /// <summary>Who may say there who the client is.</summary>
    public required TrustedProxies Proxies { get; init; }

    /// <summary>TLS in front of the listener; null without.</summary>
    public SecuredListener? Tls { get; init; }

    /// <summary>Where it lives.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The lane's relay graphs.</summary>
    public required RelayGraphs Graphs { get; init; }

    /// <summary>Carries HTTP requests that are no CONNECT; null where nothing does, and they are refused.</summary>
    public required IHttpForwarding? HttpForwarding { get; init; }

    /// <summary>Looks into tunnels; null where nothing does.</summary>
    public required IInterceptor? Interceptor { get; init; }

    /// <summary>What is done to the bytes of tunnels; null where nothing is.</summary>
    public required IDistortion? Distortion { get; init; }

    /// <summary>How tunnels leave.</summary>
    public required Dialer Dialer { get; init; }

    /// <summary>UDP ASSOCIATE.</summary>
    public required UdpAssociations Associations { get; init; }

    /// <summary>Opens ports for BIND.</summary>
    public required BindPorts BindPorts { get; init; }

    /// <summary>Answers for credentials that were verified before.</summary>
    public required Authenticator Authenticator { get; init; }

    /// <summary>All users.</summary>
    public required UserDirectory Users { get; init; }

    /// <summary>Where sessions are counted by user.</summary>
    public required OwnSessions OwnSessions { get; init; }

    /// <summary>Where sessions can be found while they last.</summary>
    public required LiveSessions LiveSessions { get; init; }

    /// <summary>Begun when the node is on its way out.</summary>
    public required NodeDrain Drain { get; init; }

    /// <summary>The node's <see cref="AuthRegistry"/>.</summary>
    public required IActorRef AuthRegistry { get; init; }

    /// <summary>Where sessions report.</summary>
    public required SessionLog Log { get; init; }

    /// <summary>Where sessions are counted.</summary>
    public required ProxyMetrics Metrics { get; init; }

    /// <summary>Where whoever watches hears of sessions.</summary>
    public required SessionTap Tap { get; init; }
}
