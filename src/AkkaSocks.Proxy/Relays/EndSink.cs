using Akka.Streams;
using Akka.Streams.Stage;

namespace AkkaSocks.Proxy.Relays;

/// <summary>Takes the one element of a <see cref="TunnelStage"/>, and waits for none of a <see cref="LaneStream"/>: a stage needs a port, and a
/// port needs a partner.</summary>
internal sealed class EndSink : GraphStage<SinkShape<object>>
{
    private readonly Inlet<object> _in = new("EndSink.in");

    /// <summary>Creates the sink.</summary>
    public EndSink() => Shape = new SinkShape<object>(_in);

    /// <inheritdoc/>
    public override SinkShape<object> Shape { get; }

    /// <inheritdoc/>
    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : InGraphStageLogic
    {
        private readonly EndSink _stage;

        public Logic(EndSink stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._in, this);
        }

        public override void PreStart() => Pull(_stage._in);

        public override void OnPush() => Grab(_stage._in);
    }
}
