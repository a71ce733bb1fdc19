using System.IO.Pipelines;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The relay of an HTTP client that names a destination per request: moves the client's bytes to and from whoever understands them
/// (<see cref="IHttpForwarding"/>), and has a child connect to each destination by the rules of the session.
/// </summary>
internal sealed class HttpRelayActor : MeasuredActor
{
    private readonly HttpOrder _order;
    private readonly IHttpForwarding _forwarding;
    private readonly Deadline _silence;
    private ConnectionPump? _client;
    private bool _isCarriedOut;
    private SessionEnd _end = SessionEnd.NodeStopped;

    private HttpRelayActor(HttpOrder order, IHttpForwarding forwarding)
    {
        _order = order;
        _forwarding = forwarding;
        _silence = new Deadline(order.Dialing.Lane.Deadlines, Self, Silence.Instance);
    }

    private sealed class Ready
    {
        public static readonly Ready Instance = new();
    }

    private sealed class Silence
    {
        public static readonly Silence Instance = new();
    }

    private sealed class CarriedOut
    {
        public static readonly CarriedOut Instance = new();
    }

    private sealed record Dialing(Destination Destination, TaskCompletionSource<IDuplexPipe> Outcome, CancellationToken Cancel);

    /// <summary>Props for the relay, on its lane.</summary>
    public static Props Props(HttpOrder order, IHttpForwarding forwarding) =>
        Akka.Actor.Props.CreateBy(new Producer(order, forwarding)).WithDispatcher(order.Dialing.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var self = Self;
        var client = new ConnectionPump(
            _order.Client, _order.Received.Span, () => self.Tell(Ready.Instance, ActorRefs.NoSender));
        _client = client;
        _order.Dialing.Record.CarriedSoFar = () => (client.Received, client.Sent);
        _order.Client.Watch(new ActorOwner(self, Ready.Instance));
        if (_order.Dialing.Settings.Relay.IdleTimeout > TimeSpan.Zero)
            _silence.Arm(_order.Dialing.Settings.Relay.IdleTimeout);
        var conversation = new HttpConversation(_order.Dialing.Record.Id.ToString(), client.FarEnd, _order.Proof, Dial) { Answered = _order.Answered };

        // Off the lane: what it awaits is HTTP, and none of that may run here.
        Task.Run(() => _forwarding.Converse(conversation))
            .ContinueWith(_ => self.Tell(CarriedOut.Instance, ActorRefs.NoSender), TaskScheduler.Default);
        client.Pump();

        Task<IDuplexPipe> Dial(Destination destination, CancellationToken cancel)
        {
            var outcome = new TaskCompletionSource<IDuplexPipe>(TaskCreationOptions.RunContinuationsAsynchronously);
            self.Tell(new Dialing(destination, outcome, cancel), ActorRefs.NoSender);
            return outcome.Task;
        }
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ready:
                Pump();
                break;
            case Dialing dialing:
                Context.ActorOf(OriginActor.Props(_order.Dialing, dialing.Destination, dialing.Outcome, dialing.Cancel));
                break;
            case CarriedOut:
                _isCarriedOut = true;
                _silence.Arm(_order.Dialing.Settings.Relay.HalfCloseTimeout);
                Pump();
                break;
            case Silence:
                EndIfSilent();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _silence.Cancel();
        if (_client is null)
            _order.Client.Reset();
        _client?.Abort();
        _order.Dialing.Record.ClientToDestination = _client?.Received ?? 0;
        _order.Dialing.Record.DestinationToClient = _client?.Sent ?? 0;
        _order.Dialing.Record.CarriedSoFar = null;
        Context.Parent.Tell(new TcpRelayActor.Ended(_end));
    }

    private void Pump()
    {
        _client!.Pump();
        if (_client.IsOver)
            End(_client.IsBroken ? SessionEnd.ClientReset : _isCarriedOut ? SessionEnd.Completed : SessionEnd.DestinationReset);
    }

    private void EndIfSilent()
    {
        var (limit, end) = _isCarriedOut
            ? (_order.Dialing.Settings.Relay.HalfCloseTimeout, SessionEnd.HalfCloseTimedOut)
            : (_order.Dialing.Settings.Relay.IdleTimeout, SessionEnd.IdleTimedOut);
        if (limit <= TimeSpan.Zero)
            return;
        var left = limit - TimeSpan.FromMilliseconds(Deadlines.Now - _client!.LastActivity);
        if (left > TimeSpan.Zero)
            _silence.Arm(left);
        else
            End(end);
    }

    private void End(SessionEnd end)
    {
        _end = end;
        Context.Stop(Self);
    }

    private sealed class Producer(HttpOrder order, IHttpForwarding forwarding) : IIndirectActorProducer
    {
        public Type ActorType => typeof(HttpRelayActor);

        public ActorBase Produce() => new HttpRelayActor(order, forwarding);

        public void Release(ActorBase actor)
        {
        }
    }
}
