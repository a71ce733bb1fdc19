using System.IO.Pipelines;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// One connection of a <see cref="PipedRelayActor"/> to a destination: dialed by the session's rules, then moved to and from whoever
/// asked for it.
/// </summary>
internal sealed class OriginActor : MeasuredActor
{
    private readonly DialOrder _order;
    private readonly Destination _destination;
    private readonly TaskCompletionSource<IDuplexPipe> _outcome;
    private readonly CancellationTokenRegistration _cancelled;
    private readonly Deadline _deadline;
    private Dial? _dial;
    private ConnectionPump? _pump;

    private OriginActor(
        DialOrder order, Destination destination, TaskCompletionSource<IDuplexPipe> outcome, CancellationToken cancel)
    {
        (_order, _destination, _outcome) = (order, destination, outcome);
        _deadline = new Deadline(order.Lane.Deadlines, Self, TimeUp.Instance);
        var self = Self;
        _cancelled = cancel.UnsafeRegister(_ => self.Tell(Cancelled.Instance, ActorRefs.NoSender), null);
    }

    private sealed class Ready
    {
        public static readonly Ready Instance = new();
    }

    private sealed class TimeUp
    {
        public static readonly TimeUp Instance = new();
    }

    private sealed class Cancelled
    {
        public static readonly Cancelled Instance = new();
    }

    /// <summary>Props for a connection, on the session's lane.</summary>
    /// <param name="order">How the session dials.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="outcome">Gets the connection, or a <see cref="DialRefusedException"/>.</param>
    /// <param name="cancel">Nobody waits for the connection any more.</param>
    public static Props Props(
        DialOrder order, Destination destination, TaskCompletionSource<IDuplexPipe> outcome, CancellationToken cancel) =>
        Akka.Actor.Props.CreateBy(new Producer(order, destination, outcome, cancel)).WithDispatcher(order.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Become(Connecting);
        _deadline.Arm(_order.Settings.Limits.ConnectTimeout);
        _dial = _order.Dialer.Dial(_destination, _order.Lane, Self);
        FollowDial();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message) => Unhandled(message);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _cancelled.Dispose();
        _deadline.Cancel();
        _dial?.Cancel();
        _pump?.Abort();
        _outcome.TrySetException(new DialRefusedException(Refusal.NodeStopping));
    }

    private void Connecting(object message)
    {
        switch (message)
        {
            case Dial.Event dialed:
                _dial!.Advance(dialed);
                FollowDial();
                break;
            case TimeUp:
                Refuse(_dial!.TimeOut());
                break;
            case Cancelled:
                _outcome.TrySetCanceled();
                Context.Stop(Self);
                break;
        }
    }

    private void FollowDial()
    {
        if (_dial!.Refusal != Refusal.None)
            Refuse(_dial.Refusal);
        else if (_dial.Connected is { } destination)
            Introduce(destination);
    }

    private void Refuse(Refusal refusal)
    {
        _outcome.TrySetException(new DialRefusedException(refusal));
        Context.Stop(Self);
    }

    private void Introduce(Connection destination)
    {
        if (_order.Dialer.TryIntroduce(_order.Record.Client, destination))
        {
            Carry(destination);
            return;
        }

        destination.Close();
        Refuse(Refusal.ConnectFailed);
    }

    private void Carry(Connection destination)
    {
        _deadline.Cancel();
        _dial = null;
        _order.Record.Address = destination.Remote;
        if (_order.Record.ConnectedAt == 0)
            _order.Record.ConnectedAt = Deadlines.Now;
        var self = Self;
        _pump = new ConnectionPump(destination, [], () => self.Tell(Ready.Instance, ActorRefs.NoSender));
        destination.Watch(new ActorOwner(self, Ready.Instance));
        Become(Carrying);
        _outcome.TrySetResult(_pump.FarEnd);
        Pump();
    }

    private void Carrying(object message)
    {
        switch (message)
        {
            case Ready:
                Pump();
                break;
        }
    }

    private void Pump()
    {
        _pump!.Pump();
        if (_pump.IsOver)
            Context.Stop(Self);
    }

    private sealed class Producer(
        DialOrder order, Destination destination, TaskCompletionSource<IDuplexPipe> outcome, CancellationToken cancel)
        : IIndirectActorProducer
    {
        public Type ActorType => typeof(OriginActor);

        public ActorBase Produce() => new OriginActor(order, destination, outcome, cancel);

        public void Release(ActorBase actor)
        {
        }
    }
}
