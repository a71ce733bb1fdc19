using Akka;
using Akka.IO;
using Akka.Streams.Dsl;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>
/// Makes flows that tunnels' bytes go through: <c>mitm.raw-flows</c> names it by
/// <c>own { type = "My.Factory, My.Assembly", args { } }</c>. It needs a constructor without parameters and is created once, when the
/// node starts or a reload changes the flows.
/// </summary>
public interface IRawFlowFactory
{
    /// <summary>
    /// A flow for one direction of one tunnel. Pieces are of any size. It runs on a dispatcher of its own, so it may take its time, and
    /// that is back-pressure; a flow that fails resets the tunnel, and the tunnel's end is told as failed. What it has not passed on
    /// when its upstream completes, it passes on then.
    /// </summary>
    /// <param name="context">Whose bytes.</param>
    Flow<ByteString, ByteString, NotUsed> Create(RawFlowContext context);
}
