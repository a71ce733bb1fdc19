using Akka.Actor;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>
/// What a session does about a relay that threw: it stops it, since a socket cannot be restarted, and is told that it is over.
/// The relay cannot be relied on to say so itself: one that throws as it starts is never told to stop.
/// </summary>
internal sealed class RelayFailureStrategy : OneForOneStrategy
{
    /// <inheritdoc/>
    protected override Directive Handle(IActorRef child, Exception exception)
    {
        ((IInternalActorRef)child).Parent.Tell(new TcpRelayActor.Ended(SessionEnd.Failed), ActorRefs.NoSender);
        return Directive.Stop;
    }
}
