using Akka.Streams;
using Akka.Streams.Stage;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>Passes so many bytes on, and ends the tunnel before the next.</summary>
internal sealed class CutStage(int bytes) : BytesStage
{
    /// <inheritdoc/>
    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, bytes);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly CutStage _stage;
        private int _left;

        public Logic(CutStage stage, int bytes)
            : base(stage.Shape)
        {
            (_stage, _left) = (stage, bytes);
            SetHandlers(stage.Inlet, stage.Outlet, this);
        }

        public override void OnPush()
        {
            var bytes = Grab(_stage.Inlet);
            if (bytes.Count <= _left)
            {
                _left -= bytes.Count;
                Push(_stage.Outlet, bytes);
                return;
            }

            // Only downstream: the sink ends the tunnel and says why, and that ends the source.
            if (_left > 0)
                Emit(_stage.Outlet, bytes.Slice(0, _left), () => Fail(_stage.Outlet, new FlowCutException()));
            else
                Fail(_stage.Outlet, new FlowCutException());
        }

        public override void OnPull() => Pull(_stage.Inlet);
    }
}
