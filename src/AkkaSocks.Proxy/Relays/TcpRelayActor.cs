using Akka.Actor;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// Owns a tunnel from the success reply to its end: runs the relay graph, ends it when it has been silent for too long, and
/// tells its parent how it ended. A child of its session, so it cannot outlive it.
/// </summary>
/// <remarks>
/// Silence is measured without a timer per byte: the graph stamps its last activity, and one deadline, armed for the whole
/// timeout, compares and arms itself again for what is left.
/// </remarks>
internal sealed class TcpRelayActor : MeasuredActor, ITunnelOwner
{
    private readonly RelayGraphs _graphs;
    private readonly RelaySettings _settings;
    private readonly Deadline _silence;
    private readonly IActorRef _self;
    private readonly SessionRecord _record;
    private RelayOrder _order;
    private Tunnel? _tunnel;
    private SessionEnd _end = SessionEnd.NodeStopped;

    /// <summary>Props for the relay of <paramref name="order"/>, on its lane.</summary>
    public static Props Props(RelayOrder order, RelayGraphs graphs, RelaySettings settings) =>
        Akka.Actor.Props.CreateBy(new Producer(order, graphs, settings)).WithDispatcher(order.Lane.DispatcherId);

    private TcpRelayActor(RelayOrder order, RelayGraphs graphs, RelaySettings settings)
    {
        _order = order;
        _graphs = graphs;
        _settings = settings;
        _self = Self;
        _record = order.Record;
        _silence = new Deadline(order.Lane.Deadlines, _self, Silence.Instance);
    }

    /// <summary>Told to the parent, once, when the relay is over and both connections are closed.</summary>
    internal sealed record Ended(SessionEnd End);

    private sealed class Silence
    {
        public static readonly Silence Instance = new();
    }

    private sealed record GraphEnded(SessionEnd End);

    /// <inheritdoc/>
    void ITunnelOwner.OnHalfClosed() => _silence.Arm(_settings.HalfCloseTimeout);

    /// <inheritdoc/>
    void ITunnelOwner.OnEnded(SessionEnd end) => _self.Tell(new GraphEnded(end), ActorRefs.NoSender);

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch
        {
            _end = SessionEnd.Failed;
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var tunnel = _graphs.Run(_order, this);
        _tunnel = tunnel;
        _order = default;
        _record.CarriedSoFar = () => (tunnel.ClientToDestination, tunnel.DestinationToClient);
        if (_settings.IdleTimeout > TimeSpan.Zero)
            _silence.Arm(_settings.IdleTimeout);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Silence:
                EndIfSilent();
                break;
            case GraphEnded ended:
                _end = ended.End;
                Context.Stop(Self);
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
        if (_tunnel is null)
        {
            _order.Client?.Reset();
            _order.Destination?.Reset();
        }

        // Written here and not told: a session that is being stopped takes no messages any more, but waits for its children.
        _tunnel?.Stop(SessionEnd.NodeStopped);
        _record.ClientToDestination = _tunnel?.ClientToDestination ?? 0;
        _record.DestinationToClient = _tunnel?.DestinationToClient ?? 0;
        _record.CarriedSoFar = null;
        Context.Parent.Tell(new Ended(_end));
    }

    private void EndIfSilent()
    {
        var (limit, end) = _tunnel!.IsHalfClosed
            ? (_settings.HalfCloseTimeout, SessionEnd.HalfCloseTimedOut)
            : (_settings.IdleTimeout, SessionEnd.IdleTimedOut);
        if (limit <= TimeSpan.Zero)
            return;
        var left = limit - TimeSpan.FromMilliseconds(Deadlines.Now - _tunnel.LastActivity);
        if (left > TimeSpan.Zero)
            _silence.Arm(left);
        else
            _tunnel.Stop(end);
    }

    private sealed class Producer(RelayOrder order, RelayGraphs graphs, RelaySettings settings) : IIndirectActorProducer
    {
        public Type ActorType => typeof(TcpRelayActor);

        public ActorBase Produce() => new TcpRelayActor(order, graphs, settings);

        public void Release(ActorBase actor)
        {
        }
    }
}
