using Akka.Actor;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The relay of a tunnel that is looked into: the bytes of both connections are carried by whoever does that
/// (<see cref="IInterceptor"/>), who may have the destination connected to again.
/// </summary>
internal sealed class InterceptRelayActor : PipedRelayActor
{
    private readonly InterceptOrder _order;
    private readonly IInterceptor _interceptor;
    private readonly CancellationTokenSource _clientEnded = new();
    private ConnectionPump? _destination;
    private bool _isEnding;

    private InterceptRelayActor(InterceptOrder order, IInterceptor interceptor)
        : base(order.Dialing, order.Client, order.Prefix) =>
        (_order, _interceptor) = (order, interceptor);

    private sealed class CutShort
    {
        public static readonly CutShort Instance = new();
    }

    private sealed record EndedBy(SessionEnd End);

    /// <inheritdoc/>
    protected override bool IsEnding => _isEnding || IsCarriedOut;

    /// <inheritdoc/>
    protected override long LastActivity => Math.Max(Client.LastActivity, _destination!.LastActivity);

    /// <summary>Props for the relay, on its lane.</summary>
    public static Props Props(InterceptOrder order, IInterceptor interceptor) =>
        Akka.Actor.Props.CreateBy(new Producer(order, interceptor)).WithDispatcher(order.Dialing.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override Func<Task> Begin()
    {
        var (self, record) = (Self, Record);
        _destination = PumpOf(_order.Destination, []);
        var tunnel = new InterceptedTunnel
        {
            Session = record.Id.ToString(),
            From = record.Client,
            User = record.User,
            Destination = _order.Requested,
            HandshakeTimeout = Settings.Limits.HandshakeTimeout,
            Client = Client.FarEnd,
            Origin = _destination.FarEnd,
            ClientEnded = _clientEnded.Token,
            Dial = DialAsync,
            Reset = () => self.Tell(CutShort.Instance, ActorRefs.NoSender),
            End = end => self.Tell(new EndedBy(end), ActorRefs.NoSender),
            Note = outcome => record.Intercept = outcome,
        };
        return () => _interceptor.Carry(tunnel);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CutShort:
                Client.Abort();
                Pump();
                break;
            case EndedBy ended:
                // What was carried before goes as far as it gets.
                Pump();
                End(ended.End);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_destination is null)
            _order.Destination.Reset();
        _destination?.Abort();
        TellEnded();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void Pump()
    {
        Client.Pump();
        _destination!.Pump();
        if (Client.IsHalfOver || Client.IsOver)
            ClientEnded();

        // What a destination has not got yet is not over when the client is.
        if (Client.IsOver && IsCarriedOut && (_destination.IsOver || _destination.HasSentAll) && !Context.GetChildren().Any())
        {
            _destination.Close();
            End(Client.IsBroken ? SessionEnd.ClientReset
                : Client.HasSentAll || Client.HasReceivedAll ? SessionEnd.Completed
                : SessionEnd.DestinationReset);
        }
    }

    /// <summary>It will say no more: who waits for it is told, and silence is measured by another limit.</summary>
    private void ClientEnded()
    {
        if (_isEnding)
            return;
        _isEnding = true;
        TellEnded();
        MeasureEnding();
    }

    // Off the lane: whoever is told may do anything.
    private void TellEnded() => _ = _clientEnded.CancelAsync();

    private sealed class Producer(InterceptOrder order, IInterceptor interceptor) : IIndirectActorProducer
    {
        public Type ActorType => typeof(InterceptRelayActor);

        public ActorBase Produce() => new InterceptRelayActor(order, interceptor);

        public void Release(ActorBase actor)
        {
        }
    }
}
