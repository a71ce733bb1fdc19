using Akka.IO;
using Akka.Streams;
using Akka.Streams.Stage;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>A stage that bytes go through.</summary>
internal abstract class BytesStage : GraphStage<FlowShape<ByteString, ByteString>>
{
    /// <summary>Gives it its ports.</summary>
    protected BytesStage() => Shape = new FlowShape<ByteString, ByteString>(Inlet, Outlet);

    /// <inheritdoc/>
    public override FlowShape<ByteString, ByteString> Shape { get; }

    /// <summary>Where bytes come in.</summary>
    protected Inlet<ByteString> Inlet { get; } = new("bytes.in");

    /// <summary>Where they go out.</summary>
    protected Outlet<ByteString> Outlet { get; } = new("bytes.out");
}
