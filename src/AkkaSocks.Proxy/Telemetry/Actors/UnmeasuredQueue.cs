using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>The messages of an actor while <c>metrics.actors</c> is off. Only what its tree shows is known of it: how many wait, and
/// since when it lives.</summary>
/// <param name="counters">Those of the actor's type; its failures go there.</param>
internal sealed class UnmeasuredQueue(ActorCounters counters) : ActorQueue(counters)
{
    /// <inheritdoc/>
    public override bool HasMessages => Count > 0;

    /// <inheritdoc/>
    public override void Enqueue(IActorRef receiver, Envelope envelope) => Put(envelope);

    /// <inheritdoc/>
    public override bool TryDequeue(out Envelope envelope) => TryTake(out envelope);

    /// <inheritdoc/>
    public override void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryTake(out var envelope))
            deadletters.Enqueue(owner, envelope);
    }
}
