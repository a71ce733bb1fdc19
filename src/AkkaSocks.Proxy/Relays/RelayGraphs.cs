using Akka.Actor;
using Akka.Streams;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>The graphs of one lane: which engine carries its relays, and the materializer they all share.</summary>
internal sealed class RelayGraphs
{
    private readonly ActorMaterializer _materializer;
    private readonly RelayEngine _engine;

    /// <summary>Creates the lane's materializer.</summary>
    /// <param name="system">Stops it.</param>
    /// <param name="lane">Whose dispatcher the graphs run on.</param>
    /// <param name="engine">From the settings; a lane without tunnels uses flows.</param>
    public RelayGraphs(ActorSystem system, Lane lane, RelayEngine engine)
    {
        _engine = lane.CanTunnel ? engine : RelayEngine.Flow;
        _materializer = ActorMaterializer.Create(
            system,
            ActorMaterializerSettings.Create(system).WithDispatcher(lane.DispatcherId).WithAutoFusing(false),
            $"relays-{lane.Index}");
    }

    /// <summary>Materialises the engine's graph around the order's connections; the bare engine has none.</summary>
    public Tunnel Run(RelayOrder order, ITunnelOwner owner)
    {
        if (order.Flows is { } through)
        {
            var distorted = FlowGraph.Through(through).Run(_materializer);
            distorted.Attach(order, owner);
            return distorted;
        }

        if (_engine == RelayEngine.Flow || !order.Client.CanTunnel || !order.Destination.CanTunnel)
        {
            var flow = FlowGraph.Blueprint.Run(_materializer);
            flow.Attach(order, owner);
            return flow;
        }

        if (_engine == RelayEngine.Bare)
            return order.Lane.StartTunnel(order.Client, order.Destination, order.Prefix.Span, owner);
        var tunnel = TunnelStage.Blueprint.Run(_materializer);
        tunnel.Attach(order, owner);
        return tunnel;
    }
}
