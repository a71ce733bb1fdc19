using System.IO.Pipelines;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The relay of a tunnel that is looked into: moves the bytes of both connections to and from whoever does that
/// (<see cref="IInterceptor"/>), and has a child connect to the destination again where that is wanted.
/// </summary>
internal sealed class InterceptRelayActor : MeasuredActor
{
    private readonly InterceptOrder _order;
    private readonly IInterceptor _interceptor;
    private readonly Deadline _silence;
    private readonly CancellationTokenSource _clientEnded = new();
    private ConnectionPump? _client, _destination;
    private bool _isCarriedOut, _isEnding;
    private SessionEnd _end = SessionEnd.NodeStopped;

    private InterceptRelayActor(InterceptOrder order, IInterceptor interceptor)
    {
        _order = order;
        _interceptor = interceptor;
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

    private sealed class CutShort
    {
        public static readonly CutShort Instance = new();
    }

    private sealed record Dialing(Destination Destination, TaskCompletionSource<IDuplexPipe> Outcome, CancellationToken Cancel);

    private RelaySettings Settings => _order.Dialing.Settings.Relay;

    private SessionRecord Record => _order.Dialing.Record;

    /// <summary>Props for the relay, on its lane.</summary>
    public static Props Props(InterceptOrder order, IInterceptor interceptor) =>
        Akka.Actor.Props.CreateBy(new Producer(order, interceptor)).WithDispatcher(order.Dialing.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var self = Self;
        var client = new ConnectionPump(_order.Client, _order.Prefix.Span, Wake);
        var origin = new ConnectionPump(_order.Destination, [], Wake);
        (_client, _destination) = (client, origin);
        Record.CarriedSoFar = () => (client.Received, client.Sent);
        _order.Client.Watch(new ActorOwner(self, Ready.Instance));
        _order.Destination.Watch(new ActorOwner(self, Ready.Instance));
        if (Settings.IdleTimeout > TimeSpan.Zero)
            _silence.Arm(Settings.IdleTimeout);
        var tunnel = new InterceptedTunnel
        {
            Session = Record.Id.ToString(),
            From = Record.Client,
            User = Record.User,
            Destination = _order.Requested,
            HandshakeTimeout = _order.Dialing.Settings.Limits.HandshakeTimeout,
            Client = client.FarEnd,
            Origin = origin.FarEnd,
            ClientEnded = _clientEnded.Token,
            Dial = Dial,
            Reset = () => self.Tell(CutShort.Instance, ActorRefs.NoSender),
            Note = outcome => Record.Intercept = outcome,
        };

        // Off the lane: what it awaits is TLS and HTTP, and none of that may run here.
        Task.Run(() => _interceptor.Carry(tunnel))
            .ContinueWith(_ => self.Tell(CarriedOut.Instance, ActorRefs.NoSender), TaskScheduler.Default);
        Pump();

        void Wake() => self.Tell(Ready.Instance, ActorRefs.NoSender);

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
                Context.Watch(Context.ActorOf(OriginActor.Props(_order.Dialing, dialing.Destination, dialing.Outcome, dialing.Cancel)));
                break;
            case Terminated:
                Pump();
                break;
            case CutShort:
                _client!.Abort();
                Pump();
                break;
            case CarriedOut:
                _isCarriedOut = true;
                _silence.Arm(Settings.HalfCloseTimeout);
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
        _order.Client.Reset();
        _order.Destination.Reset();
        _client?.Abort();
        _destination?.Abort();
        TellEnded();
        Record.ClientToDestination = _client?.Received ?? 0;
        Record.DestinationToClient = _client?.Sent ?? 0;
        Record.CarriedSoFar = null;
        Context.Parent.Tell(new TcpRelayActor.Ended(_end));
    }

    private void Pump()
    {
        _client!.Pump();
        _destination!.Pump();
        if (_client.IsHalfOver || _client.IsOver)
            ClientEnded();

        // What a destination has not got yet is not over when the client is.
        if (_client.IsOver && _isCarriedOut && (_destination.IsOver || _destination.HasSentAll) && !Context.GetChildren().Any())
        {
            _order.Destination.Close();
            End(_client.IsBroken ? SessionEnd.ClientReset
                : _client.HasSentAll || _client.HasReceivedAll ? SessionEnd.Completed
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
        _silence.Arm(Settings.HalfCloseTimeout);
    }

    // Off the lane: whoever is told may do anything.
    private void TellEnded() => _ = _clientEnded.CancelAsync();

    private void EndIfSilent()
    {
        var (limit, end) = _isEnding || _isCarriedOut
            ? (Settings.HalfCloseTimeout, SessionEnd.HalfCloseTimedOut)
            : (Settings.IdleTimeout, SessionEnd.IdleTimedOut);
        if (limit <= TimeSpan.Zero)
            return;
        var last = Math.Max(_client!.LastActivity, _destination!.LastActivity);
        var left = limit - TimeSpan.FromMilliseconds(Deadlines.Now - last);
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

    private sealed class Producer(InterceptOrder order, IInterceptor interceptor) : IIndirectActorProducer
    {
        public Type ActorType => typeof(InterceptRelayActor);

        public ActorBase Produce() => new InterceptRelayActor(order, interceptor);

        public void Release(ActorBase actor)
        {
        }
    }
}
