using Akka.Streams;
using Akka.Streams.Stage;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// Sends chunks on a connection, one at a time: the next is pulled when the last byte of this one is with the kernel, which is
/// the relay's back-pressure. When its upstream completes it sends FIN after the last byte.
/// </summary>
internal sealed class ConnectionSink : GraphStageWithMaterializedValue<SinkShape<Chunk>, ConnectionSink.Logic>
{
    private readonly Inlet<Chunk> _in = new("ConnectionSink.in");

    /// <summary>Creates the stage; the connection comes by <see cref="Logic.Attach"/>.</summary>
    public ConnectionSink() => Shape = new SinkShape<Chunk>(_in);

    /// <inheritdoc/>
    public override SinkShape<Chunk> Shape { get; }

    /// <inheritdoc/>
    public override ILogicAndMaterializedValue<Logic> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Logic>(logic, logic);
    }

    /// <summary>The running stage.</summary>
    internal sealed class Logic : InGraphStageLogic
    {
        private readonly ConnectionSink _stage;
        private readonly BothSides _start = new();
        private Connection? _connection;
        private FlowRun? _run;
        private FlowSide _side;
        private bool _finished;
        private Chunk? _chunk;
        private Action? _writable, _stop;

        public Logic(ConnectionSink stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._in, this);
        }

        /// <summary>Hands over the connection, and bytes that go before all others. Once, from outside the stream.</summary>
        public void Attach(Connection connection, ReadOnlySpan<byte> prefix, FlowRun run, FlowSide side)
        {
            _connection = connection;
            _chunk = prefix.IsEmpty ? null : Chunk.Of(prefix);
            _run = run;
            _side = side;
            if (_start.IsSecond())
                _writable!();
        }

        /// <summary>The kernel may take more. From any thread.</summary>
        public void OnWritable() => _writable?.Invoke();

        /// <summary>The relay is over. From any thread.</summary>
        public void OnStopped() => _stop?.Invoke();

        /// <inheritdoc/>
        public override void PreStart()
        {
            // The stage outlives its upstream: the last chunk may still be waiting for the kernel.
            SetKeepGoing(true);
            _writable = GetAsyncCallback(SendAndPull);
            _stop = GetAsyncCallback(CompleteStage);
            if (_start.IsSecond())
                SendAndPull();
        }

        /// <inheritdoc/>
        public override void OnPush()
        {
            _chunk = Grab(_stage._in);
            SendAndPull();
        }

        /// <inheritdoc/>
        public override void OnUpstreamFinish()
        {
            if (_chunk is null)
                FinishWhenSent();
        }

        /// <inheritdoc/>
        public override void OnUpstreamFailure(Exception cause)
        {
            // Only a flow between source and sink fails: the source never does.
            _run?.Stop(cause is FlowCutException ? SessionEnd.Cut : SessionEnd.Failed);
            FailStage(cause);
        }

        /// <inheritdoc/>
        public override void PostStop()
        {
            _chunk?.Return();
            _chunk = null;

            // Neither the last byte nor the end of the relay: a defect, and nobody else would end the relay.
            if (!_finished)
                _run?.Stop(SessionEnd.Failed);
        }

        private void SendAndPull()
        {
            if (_connection is null || _run!.IsOver)
                return;
            while (_chunk is not null)
            {
                var written = _connection.Write(_chunk.Bytes);
                if (written.Status == IoStatus.Failed)
                {
                    _run.Broke(_side);
                    return;
                }

                if (written.Status == IoStatus.WouldBlock)
                    return;
                _chunk.Skip(written.Bytes);
                if (_chunk.Length > 0)
                    continue;
                _chunk.Return();
                _chunk = null;
            }

            if (IsClosed(_stage._in))
                FinishWhenSent();
            else if (!HasBeenPulled(_stage._in))
                Pull(_stage._in);
        }

        private void FinishWhenSent()
        {
            if (_finished || _connection is null || _run!.IsOver || _connection.HasUnsent)
                return;
            _connection.ShutdownSend();
            _finished = true;
            _run.Finished(_side);
            CompleteStage();
        }
    }
}
