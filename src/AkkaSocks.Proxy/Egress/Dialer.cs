using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Egress;

/// <summary>How tunnels leave this node: looks names up, judges addresses, connects.</summary>
internal sealed class Dialer(EgressSettings settings, DestinationPolicy policy, NameResolver resolver)
{
    /// <summary>Judges addresses.</summary>
    public DestinationPolicy Policy => policy;

    /// <summary>Looks names up.</summary>
    public NameResolver Resolver => resolver;

    /// <summary>Says to some destinations who the client is.</summary>
    public Introductions Introductions { get; } = new(settings.ProxyProtocol);

    /// <summary>The pause before the next address is tried beside the first.</summary>
    public TimeSpan AttemptDelay => settings.AttemptDelay;

    /// <summary>Starts a dial whose <see cref="Egress.Dial.Event"/>s are told to <paramref name="owner"/>, which advances it.</summary>
    public Dial Dial(Destination destination, Lane lane, IActorRef owner) => new(this, destination, lane, owner);
}
