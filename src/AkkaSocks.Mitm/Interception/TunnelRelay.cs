using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Interception;

/// <summary>Carries what is not HTTP: through the flows that match the tunnel (<c>mitm.raw-flows</c>), and else as it is.</summary>
/// <param name="flows">All there are.</param>
internal sealed class TunnelRelay(RawFlows flows)
{
    /// <summary>Carries both directions to their ends.</summary>
    /// <param name="tunnel">Whose.</param>
    /// <param name="client">Its client, outside TLS or inside.</param>
    /// <param name="origin">Its destination, the same.</param>
    /// <param name="serverName">What TLS asks for; null where there is none.</param>
    /// <returns>Completes when both have ended; it never fails.</returns>
    public Task CarryAsync(InterceptedTunnel tunnel, RelayEnd client, RelayEnd origin, string? serverName)
    {
        var through = flows.Of(tunnel.Session, tunnel.User, tunnel.Destination, serverName);
        return Task.WhenAll(
            through?.Up is { } up
                ? new DistortedRelay(client, origin, tunnel.End).CarryAsync(up, flows.Materializer)
                : UntouchedRelay.CarryAsync(client, origin),
            through?.Down is { } down
                ? new DistortedRelay(origin, client, tunnel.End).CarryAsync(down, flows.Materializer)
                : UntouchedRelay.CarryAsync(origin, client));
    }
}
