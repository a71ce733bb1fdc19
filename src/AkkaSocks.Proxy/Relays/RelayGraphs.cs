using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>The graphs of one lane: which engine carries its relays, and the materializer they all share.</summary>
internal sealed class RelayGraphs
{
    private readonly ActorMaterializer _materializer;
    private readonly LaneStream.Run? _laneStream;
    private readonly RelayEngine _engine;
    private readonly LivingGraphs _living;

    /// <summary>Creates the lane's materializer.</summary>
    /// <param name="system">Stops it.</param>
    /// <param name="lane">Whose dispatcher the graphs run on.</param>
    /// <param name="engine">From the settings; a lane without tunnels uses flows.</param>
    /// <param name="living">Counts its graphs.</param>
    public RelayGraphs(ActorSystem system, Lane lane, RelayEngine engine, LivingGraphs living)
    {
        _living = living;
        _engine = lane.CanTunnel ? engine : RelayEngine.Flow;
        _materializer = ActorMaterializer.Create(
            system,
            ActorMaterializerSettings.Create(system).WithDispatcher(lane.DispatcherId).WithAutoFusing(false),
            $"relays-{lane.Index}");
        if (lane.IsOneThread)
            _laneStream = LaneStream.Start(_materializer);
    }

    /// <summary>Materialises the engine's graph around the order's connections; the bare engine has none.</summary>
    public Tunnel Run(RelayOrder order, ITunnelOwner owner)
    {
        if (order.Flows is { } through)
        {
            var distorted = Materialize(FlowGraph.Through(through));
            distorted.Attach(order, owner, _living);
            return distorted;
        }

        if (_engine == RelayEngine.Flow || !order.Client.CanTunnel || !order.Destination.CanTunnel)
        {
            var flow = Materialize(FlowGraph.Blueprint);
            flow.Attach(order, owner, _living);
            return flow;
        }

        if (_engine == RelayEngine.Bare)
            return order.Lane.StartTunnel(order.Client, order.Destination, order.Prefix.Span, owner);
        var tunnel = Materialize(TunnelStage.Blueprint);
        tunnel.Attach(order, owner, _living);
        return tunnel;
    }

    /// <summary>Within the lane's stream where there is one; before it has started, by itself.</summary>
    private T Materialize<T>(IRunnableGraph<T> graph) =>
        _laneStream is { IsRunning: true } stream ? stream.Materialize(graph) : graph.Run(_materializer);
}
