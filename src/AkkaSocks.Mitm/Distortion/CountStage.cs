using Akka.Event;
using Akka.Streams;
using Akka.Streams.Stage;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>Counts bytes and pieces, and tells how many there were when the direction is over, however it ends.</summary>
internal sealed class CountStage(RawFlowContext context, ILoggingAdapter log) : BytesStage
{
    /// <inheritdoc/>
    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, context, log);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly CountStage _stage;
        private readonly RawFlowContext _context;
        private readonly ILoggingAdapter _log;
        private long _bytes, _pieces;

        public Logic(CountStage stage, RawFlowContext context, ILoggingAdapter log)
            : base(stage.Shape)
        {
            (_stage, _context, _log) = (stage, context, log);
            SetHandlers(stage.Inlet, stage.Outlet, this);
        }

        public override void OnPush()
        {
            var bytes = Grab(_stage.Inlet);
            _bytes += bytes.Count;
            _pieces++;
            Push(_stage.Outlet, bytes);
        }

        public override void OnPull() => Pull(_stage.Inlet);

        public override void PostStop() => _log.Info(
            "{0} {1} {2}: {3} bytes in {4} pieces", _context.Session, _context.Destination, _context.Direction, _bytes, _pieces);
    }
}
