using Akka.Actor;

namespace AkkaSocks.Proxy.Transport;

/// <summary>A connection owner that is an actor: every signal is one message, always the same object.</summary>
internal sealed class ActorOwner(IActorRef actor, object message) : IConnectionOwner
{
    /// <inheritdoc/>
    public void OnReady(Readiness readiness) => actor.Tell(message, ActorRefs.NoSender);
}
