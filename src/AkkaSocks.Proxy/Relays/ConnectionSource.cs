using Akka.Streams;
using Akka.Streams.Stage;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// What a connection receives, as chunks: one per pull, and no buffer is held while there is nothing to read. Completes at the
/// end of the stream.
/// </summary>
internal sealed class ConnectionSource : GraphStageWithMaterializedValue<SourceShape<Chunk>, ConnectionSource.Logic>
{
    private readonly Outlet<Chunk> _out = new("ConnectionSource.out");

    /// <summary>Creates the stage; the connection comes by <see cref="Logic.Attach"/>.</summary>
    public ConnectionSource() => Shape = new SourceShape<Chunk>(_out);

    /// <inheritdoc/>
    public override SourceShape<Chunk> Shape { get; }

    /// <inheritdoc/>
    public override ILogicAndMaterializedValue<Logic> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Logic>(logic, logic);
    }

    /// <summary>The running stage.</summary>
    internal sealed class Logic : OutGraphStageLogic
    {
        private readonly ConnectionSource _stage;
        private readonly BothSides _start = new();
        private Connection? _connection;
        private FlowRun? _run;
        private FlowSide _side;
        private bool _ended;
        private Action? _readable, _stop;

        public Logic(ConnectionSource stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._out, this);
        }

        /// <summary>Hands over the connection. Once, from outside the stream.</summary>
        public void Attach(Connection connection, FlowRun run, FlowSide side)
        {
            _connection = connection;
            _run = run;
            _side = side;
            if (_start.IsSecond())
                _readable!();
        }

        /// <summary>There may be something to read. From any thread.</summary>
        public void OnReadable() => _readable?.Invoke();

        /// <summary>The relay is over. From any thread.</summary>
        public void OnStopped() => _stop?.Invoke();

        /// <inheritdoc/>
        public override void PreStart()
        {
            _readable = GetAsyncCallback(ReadIfWanted);
            _stop = GetAsyncCallback(CompleteStage);
            if (_start.IsSecond())
                ReadIfWanted();
        }

        /// <inheritdoc/>
        public override void OnPull() => ReadIfWanted();

        /// <inheritdoc/>
        public override void PostStop()
        {
            // Neither the end of the stream nor that of the relay: a defect, and nobody else would end the relay.
            if (!_ended)
                _run?.Stop(SessionEnd.Failed);
        }

        private void ReadIfWanted()
        {
            if (_connection is null || _run!.IsOver)
                return;
            if (!IsAvailable(_stage._out))
            {
                // Nobody wants bytes now, so no read will find out that they cannot come any more.
                if (_connection.IsReset)
                    _run.Broke(_side);
                return;
            }

            if (!_connection.IsReadable)
                return;
            var chunk = Chunk.Rent();
            var read = _connection.Read(chunk.Room);
            if (read.Status == IoStatus.Done)
            {
                chunk.Length = read.Bytes;
                _run.Moved(_side, read.Bytes);
                Push(_stage._out, chunk);
                return;
            }

            chunk.Return();
            if (read.Status == IoStatus.EndOfStream)
            {
                _ended = true;
                Complete(_stage._out);
            }
            else if (read.Status == IoStatus.Failed)
                _run.Broke(_side);
        }
    }
}
