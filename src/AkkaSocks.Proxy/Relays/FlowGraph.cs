using Akka.Streams;
using Akka.Streams.Dsl;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The relay as a flow: a source and a sink per direction, in one graph, so that what needs to see the bytes has a place
/// between them.
/// <code>
/// client ─► ConnectionSource ─► ConnectionSink ─► destination
/// client ◄─ ConnectionSink ◄─ ConnectionSource ◄─ destination
/// </code>
/// </summary>
internal static class FlowGraph
{
    /// <summary>The pre-fused graph. Run it with a materializer whose auto-fusing is off.</summary>
    public static readonly IRunnableGraph<FlowRun> Blueprint = RunnableGraph.FromGraph(
        Akka.Streams.Fusing.Aggressive(GraphDsl.Create(
            new ConnectionSource(),
            new ConnectionSink(),
            new ConnectionSource(),
            new ConnectionSink(),
            (fromClient, toDestination, fromDestination, toClient) =>
                new FlowRun(fromClient, toDestination, fromDestination, toClient),
            (builder, fromClient, toDestination, fromDestination, toClient) =>
            {
                builder.From(fromClient).To(toDestination);
                builder.From(fromDestination).To(toClient);
                return ClosedShape.Instance;
            })));
}
