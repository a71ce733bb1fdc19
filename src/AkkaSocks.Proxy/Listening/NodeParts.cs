using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Listening;

/// <summary>What a node has once and keeps through every reload, and what sessions are given of it under one configuration.</summary>
internal sealed record NodeParts
{
    /// <summary>Where sessions can live, with their relay graphs.</summary>
    public required ImmutableArray<(Lane Lane, RelayGraphs Graphs)> Lanes { get; init; }

    /// <summary>Carries HTTP requests that are no CONNECT; null where nothing does.</summary>
    public required IHttpForwarding? HttpForwarding { get; init; }

    /// <summary>Looks into sessions; null where nothing does.</summary>
    public required IInterceptor? Interceptor { get; init; }

    /// <summary>Changes the bytes of tunnels and datagrams; null where nothing does.</summary>
    public required IDistortion? Distortion { get; init; }

    /// <summary>Where this process listens.</summary>
    public required OwnEndpoints OwnEndpoints { get; init; }

    /// <summary>UDP associations by user.</summary>
    public required AssociationGate AssociationGate { get; init; }

    /// <summary>Answers for credentials that were verified before.</summary>
    public required Authenticator Authenticator { get; init; }

    /// <summary>The node's <see cref="Auth.AuthRegistry"/>.</summary>
    public required IActorRef AuthRegistry { get; init; }

    /// <summary>All users.</summary>
    public required UserDirectory Users { get; init; }

    /// <summary>Where sessions are counted by user.</summary>
    public required OwnSessions OwnSessions { get; init; }

    /// <summary>The sessions there are.</summary>
    public required LiveSessions LiveSessions { get; init; }

    /// <summary>Begun when the node is on its way out.</summary>
    public required NodeDrain Drain { get; init; }

    /// <summary>Where sessions report.</summary>
    public required SessionLog Log { get; init; }

    /// <summary>Where sessions are counted.</summary>
    public required ProxyMetrics Metrics { get; init; }

    /// <summary>Where whoever watches hears of sessions.</summary>
    public required SessionTap Tap { get; init; }

    /// <summary>Gives what the sessions of a listener are given, lane by lane.</summary>
    internal delegate ImmutableArray<SessionWiring> Wirings(ListenerSettings listener, TrustedProxies proxies, SecuredListener? tls);

    /// <summary>What sessions are given under these settings.</summary>
    /// <param name="settings">They.</param>
    /// <param name="resolver">Looks names up as they say.</param>
    public Wirings Under(ProxySettings settings, NameResolver resolver)
    {
        var policy = new DestinationPolicy(settings.Egress, OwnEndpoints);
        var dialer = new Dialer(settings.Egress, policy, resolver);
        var associations = new UdpAssociations(settings.Udp, policy, resolver, Metrics.Udp, AssociationGate) { Distortion = Distortion };
        var bindPorts = new BindPorts(settings.Bind, policy);
        return (listener, proxies, tls) =>
        [
            .. Lanes.Select(it => new SessionWiring
            {
                Settings = settings,
                Listener = listener,
                Proxies = proxies,
                Tls = tls,
                Lane = it.Lane,
                Graphs = it.Graphs,
                HttpForwarding = HttpForwarding,
                Interceptor = Interceptor,
                Distortion = Distortion,
                Dialer = dialer,
                Associations = associations,
                BindPorts = bindPorts,
                Authenticator = Authenticator,
                AuthRegistry = AuthRegistry,
                Users = Users,
                OwnSessions = OwnSessions,
                LiveSessions = LiveSessions,
                Drain = Drain,
                Log = Log,
                Metrics = Metrics,
                Tap = Tap,
            }),
        ];
    }
}
