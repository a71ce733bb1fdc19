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
/// A relay whose bytes others carry, off the lane: it moves those of the client to and from pipes, has children connect to destinations
/// where that is wanted, and ends it when it has been silent for too long. A child of its session.
/// </summary>
internal abstract class PipedRelayActor : MeasuredActor
{
    private readonly DialOrder _dialing;
    private readonly Connection _connection;
    private readonly ReadOnlyMemory<byte> _received;
    private readonly Deadline _silence;
    private readonly IActorRef _self;
    private ConnectionPump? _client;
    private SessionEnd _end = SessionEnd.NodeStopped;

    /// <summary>Takes the client over.</summary>
    /// <param name="dialing">How destinations are connected to.</param>
    /// <param name="client">The client's connection.</param>
    /// <param name="received">Bytes the client has sent that nobody has taken: they go first.</param>
    protected PipedRelayActor(DialOrder dialing, Connection client, ReadOnlyMemory<byte> received)
    {
        (_dialing, _connection, _received, _self) = (dialing, client, received, Self);
        _silence = new Deadline(dialing.Lane.Deadlines, _self, Silence.Instance);
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

    /// <summary>The session's timeouts.</summary>
    protected ProxySettings Settings => _dialing.Settings;

    /// <summary>The session's record.</summary>
    protected SessionRecord Record => _dialing.Record;

    /// <summary>The client's bytes; from the beginning on.</summary>
    protected ConnectionPump Client => _client!;

    /// <summary>Whoever carries has done.</summary>
    protected bool IsCarriedOut { get; private set; }

    /// <summary>Silence counts as that of a relay one side of which has ended.</summary>
    protected virtual bool IsEnding => IsCarriedOut;

    /// <summary>When a byte last moved, on the clock of <see cref="Deadlines.Now"/>.</summary>
    protected virtual long LastActivity => Client.LastActivity;

    /// <inheritdoc/>
    protected sealed override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var client = _client = PumpOf(_connection, _received.Span);
        Record.CarriedSoFar = () => (client.Received, client.Sent);
        if (Settings.Relay.IdleTimeout > TimeSpan.Zero)
            _silence.Arm(Settings.Relay.IdleTimeout);

        // Off the lane: what it awaits is TLS and HTTP, and none of that may run here.
        Task.Run(Begin()).ContinueWith(_ => _self.Tell(CarriedOut.Instance, ActorRefs.NoSender), TaskScheduler.Default);
        Pump();
    }

    /// <summary>Says who carries. On the lane; what is returned runs elsewhere, and never fails.</summary>
    protected abstract Func<Task> Begin();

    /// <summary>Moves what can be moved now, and ends the relay when it is over.</summary>
    protected abstract void Pump();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ready or Terminated:
                Pump();
                break;
            case Dialing dialing:
                Context.Watch(Context.ActorOf(OriginActor.Props(_dialing, dialing.Destination, dialing.Outcome, dialing.Cancel)));
                break;
            case CarriedOut:
                IsCarriedOut = true;
                MeasureEnding();
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

        // Not what has been closed in order: its last bytes may be on their way yet.
        if (_client is null)
            _connection.Reset();
        _client?.Abort();
        Record.ClientToDestination = _client?.Received ?? 0;
        Record.DestinationToClient = _client?.Sent ?? 0;
        Record.CarriedSoFar = null;
        Context.Parent.Tell(new TcpRelayActor.Ended(_end));
    }

    /// <summary>Joins a connection to pipes; this actor is told of it from now on.</summary>
    protected ConnectionPump PumpOf(Connection connection, ReadOnlySpan<byte> prefix)
    {
        var self = _self;
        var pump = new ConnectionPump(connection, prefix, () => self.Tell(Ready.Instance, ActorRefs.NoSender));
        connection.Watch(new ActorOwner(self, Ready.Instance));
        return pump;
    }

    /// <summary>Connects to a destination by the session's rules; on any thread.</summary>
    protected Task<IDuplexPipe> DialAsync(Destination destination, CancellationToken cancel)
    {
        var outcome = new TaskCompletionSource<IDuplexPipe>(TaskCreationOptions.RunContinuationsAsynchronously);
        _self.Tell(new Dialing(destination, outcome, cancel), ActorRefs.NoSender);
        return outcome.Task;
    }

    /// <summary>From now on silence is that of a relay one side of which has ended.</summary>
    protected void MeasureEnding() => _silence.Arm(Settings.Relay.HalfCloseTimeout);

    /// <summary>The relay is over.</summary>
    protected void End(SessionEnd end)
    {
        _end = end;
        Context.Stop(Self);
    }

    private void EndIfSilent()
    {
        var (limit, end) = IsEnding
            ? (Settings.Relay.HalfCloseTimeout, SessionEnd.HalfCloseTimedOut)
            : (Settings.Relay.IdleTimeout, SessionEnd.IdleTimedOut);
        if (limit <= TimeSpan.Zero)
            return;
        var left = limit - TimeSpan.FromMilliseconds(Deadlines.Now - LastActivity);
        if (left > TimeSpan.Zero)
            _silence.Arm(left);
        else
            End(end);
    }
}
