using Akka.Actor;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Listening;

/// <summary>
/// The parent of one listener's sessions on one lane. A session that throws is stopped, never restarted: its socket cannot be.
/// </summary>
internal sealed class ListenerActor : MeasuredActor
{
    private readonly SessionWiring _wiring;

    private ListenerActor(SessionWiring wiring) => _wiring = wiring;

    /// <summary>Props for the parent, on its lane.</summary>
    public static Props Props(SessionWiring wiring) =>
        Akka.Actor.Props.CreateBy(new Producer(wiring)).WithDispatcher(wiring.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionActor.Accepted accepted:
                Context.ActorOf(SessionActor.Props(accepted, _wiring));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed class Producer(SessionWiring wiring) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ListenerActor);

        public ActorBase Produce() => new ListenerActor(wiring);

        public void Release(ActorBase actor)
        {
        }
    }
}
