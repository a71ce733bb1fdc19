using System.Buffers;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaSocks.Mitm.Bodies;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>Replaces bytes, across the borders of pieces.</summary>
internal sealed class ReplaceStage(ByteReplacer replacer) : BytesStage
{
    /// <inheritdoc/>
    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, replacer);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly ReplaceStage _stage;
        private readonly ByteReplacer _replacer;
        private readonly ArrayBufferWriter<byte> _output = new();

        public Logic(ReplaceStage stage, ByteReplacer replacer)
            : base(stage.Shape)
        {
            (_stage, _replacer) = (stage, replacer);
            SetHandlers(stage.Inlet, stage.Outlet, this);
        }

        public override void OnPush()
        {
            _replacer.Write(Grab(_stage.Inlet).ToArray(), _output);
            if (_output.WrittenCount > 0)
                Push(_stage.Outlet, Taken());
            else
                Pull(_stage.Inlet);
        }

        public override void OnPull() => Pull(_stage.Inlet);

        public override void OnUpstreamFinish()
        {
            _replacer.Finish(_output);
            if (_output.WrittenCount > 0)
                Emit(_stage.Outlet, Taken(), CompleteStage);
            else
                CompleteStage();
        }

        private ByteString Taken()
        {
            var bytes = ByteString.FromBytes(_output.WrittenSpan.ToArray());
            _output.ResetWrittenCount();
            return bytes;
        }
    }
}
