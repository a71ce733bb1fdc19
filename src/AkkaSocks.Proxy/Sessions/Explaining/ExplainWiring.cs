using Akka.Actor;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions.Explaining;

/// <summary>What an <see cref="Explainer"/> is given: the very objects that the node's sessions ask.</summary>
internal sealed record ExplainWiring
{
    /// <summary>The node's settings.</summary>
    public required ProxySettings Settings { get; init; }

    /// <summary>The node's gate.</summary>
    public required ConnectionGate Gate { get; init; }

    /// <summary>Begun when the node is on its way out.</summary>
    public required NodeDrain Drain { get; init; }

    /// <summary>Who is banned, and who may log in.</summary>
    public required Authenticator Authenticator { get; init; }

    /// <summary>All users.</summary>
    public required UserDirectory Users { get; init; }

    /// <summary>The node's <see cref="AuthRegistry"/>.</summary>
    public required IActorRef AuthRegistry { get; init; }

    /// <summary>How tunnels leave.</summary>
    public required Dialer Dialer { get; init; }

    /// <summary>UDP ASSOCIATE.</summary>
    public required UdpAssociations Associations { get; init; }

    /// <summary>BIND.</summary>
    public required BindPorts BindPorts { get; init; }
}
