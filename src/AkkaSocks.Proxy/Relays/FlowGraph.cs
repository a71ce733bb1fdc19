using Akka;
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
    public static readonly IRunnableGraph<FlowRun> Blueprint = Through(new RelayFlows(null, null));

    /// <summary>The graph with something between its sources and its sinks, fused: for one tunnel.</summary>
    public static IRunnableGraph<FlowRun> Through(RelayFlows flows) => RunnableGraph.FromGraph(
        Akka.Streams.Fusing.Aggressive(GraphDsl.Create(
            new ConnectionSource(),
            new ConnectionSink(),
            new ConnectionSource(),
            new ConnectionSink(),
            (fromClient, toDestination, fromDestination, toClient) =>
                new FlowRun(fromClient, toDestination, fromDestination, toClient),
            (builder, fromClient, toDestination, fromDestination, toClient) =>
            {
                Join(builder, fromClient, flows.Up, toDestination);
                Join(builder, fromDestination, flows.Down, toClient);
                return ClosedShape.Instance;
            })));

    private static void Join(
        GraphDsl.Builder<FlowRun> builder, SourceShape<Chunk> from, Flow<Chunk, Chunk, NotUsed>? through, SinkShape<Chunk> to)
    {
        if (through is null)
            builder.From(from).To(to);
        else
            builder.From(from).Via(builder.Add(through)).To(to);
    }
}
