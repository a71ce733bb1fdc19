using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The tunnel as an Akka.Streams graph: a source that emits one element, the <see cref="SessionEnd"/>, when its lane has moved
/// the last byte. Nobody looks at the bytes, so none of them is an element.
/// </summary>
/// <remarks>
/// The graph is built and fused once (<see cref="Blueprint"/>): materialising that costs a third of what building one per
/// session does. The connections are therefore handed over afterwards, through the materialised value; that and the stage's
/// start can come in either order, and the later one starts the tunnel. Both happen on the lane's thread.
/// </remarks>
internal sealed class TunnelStage : GraphStageWithMaterializedValue<SourceShape<object>, TunnelStage.Run>
{
    /// <summary>The pre-fused graph. Run it with a materializer of the lane whose auto-fusing is off.</summary>
    public static readonly IRunnableGraph<Run> Blueprint = RunnableGraph.FromGraph(
        Akka.Streams.Fusing.Aggressive(Source.FromGraph(new TunnelStage()).To(Sink.FromGraph(new EndSink()))));

    private readonly Outlet<object> _out = new("TunnelStage.out");

    private TunnelStage() => Shape = new SourceShape<object>(_out);

    /// <inheritdoc/>
    public override SourceShape<object> Shape { get; }

    /// <inheritdoc/>
    public override ILogicAndMaterializedValue<Run> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var run = new Run();
        return new LogicAndMaterializedValue<Run>(new Logic(this, run), run);
    }

    /// <summary>One materialised tunnel graph.</summary>
    internal sealed class Run : Tunnel, ITunnelOwner
    {
        private RelayOrder _order;
        private ITunnelOwner? _owner;
        private LivingGraphs? _living;
        private Action<SessionEnd>? _emitEnd;
        private Tunnel? _tunnel;
        private SessionEnd? _stoppedBefore;

        /// <inheritdoc/>
        public override long ClientToDestination => _tunnel?.ClientToDestination ?? 0;

        /// <inheritdoc/>
        public override long DestinationToClient => _tunnel?.DestinationToClient ?? 0;

        /// <inheritdoc/>
        public override long LastActivity => _tunnel?.LastActivity ?? Deadlines.Now;

        /// <inheritdoc/>
        public override bool IsHalfClosed => _tunnel?.IsHalfClosed ?? false;

        /// <summary>Hands over the connections.</summary>
        public void Attach(RelayOrder order, ITunnelOwner owner, LivingGraphs living)
        {
            _order = order;
            _owner = owner;
            _living = living;
            StartWhenBothAreThere();
        }

        /// <inheritdoc/>
        public override void Stop(SessionEnd end)
        {
            if (_tunnel is not null)
                _tunnel.Stop(end);
            else
                _stoppedBefore = end;
        }

        /// <inheritdoc/>
        public void OnHalfClosed() => _owner!.OnHalfClosed();

        /// <inheritdoc/>
        public void OnEnded(SessionEnd end) => _emitEnd!(end);

        internal void Started(Action<SessionEnd> emitEnd)
        {
            _emitEnd = emitEnd;
            StartWhenBothAreThere();
        }

        internal void Emitted(SessionEnd end) => _owner!.OnEnded(end);

        internal void Stopped()
        {
            if (_tunnel is not null)
                _living!.Remove();
            Stop(SessionEnd.NodeStopped);
        }

        private void StartWhenBothAreThere()
        {
            if (_owner is null || _emitEnd is null)
                return;
            _living!.Add();
            _tunnel = _order.Lane.StartTunnel(_order.Client, _order.Destination, _order.Prefix.Span, this);
            _order = default;
            if (_stoppedBefore is { } end)
                _tunnel.Stop(end);
        }
    }

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly TunnelStage _stage;
        private readonly Run _run;

        public Logic(TunnelStage stage, Run run)
            : base(stage.Shape)
        {
            _stage = stage;
            _run = run;
            SetHandler(stage._out, this);
        }

        public override void PreStart() => _run.Started(GetAsyncCallback<SessionEnd>(EmitEnd));

        public override void OnPull()
        {
            // The one element comes when the tunnel ends.
        }

        public override void PostStop() => _run.Stopped();

        private void EmitEnd(SessionEnd end)
        {
            _run.Emitted(end);
            Emit(_stage._out, end, CompleteStage);
        }
    }
}
