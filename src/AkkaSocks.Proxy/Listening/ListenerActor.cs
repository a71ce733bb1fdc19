using Akka.Actor;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Listening;

/// <summary>
/// The parent of one listener's sessions on one lane. A session that throws is stopped, never restarted: its socket cannot be. What a
/// session goes by comes with its connection, so a reload has nothing to tell here.
/// </summary>
internal sealed class ListenerActor : MeasuredActor
{
    private ListenerActor()
    {
    }

    /// <summary>Props for the parent, on its lane.</summary>
    public static Props Props(Lane lane) => Akka.Actor.Props.CreateBy(new Producer()).WithDispatcher(lane.DispatcherId);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionActor.Accepted accepted:
                Context.ActorOf(SessionActor.Props(accepted));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed class Producer : IIndirectActorProducer
    {
        public Type ActorType => typeof(ListenerActor);

        public ActorBase Produce() => new ListenerActor();

        public void Release(ActorBase actor)
        {
        }
    }
}
