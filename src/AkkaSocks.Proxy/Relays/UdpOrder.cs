using System.Net;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>An association that was opened: what a session hands to its <see cref="UdpRelayActor"/>, which owns the socket from then
/// on.</summary>
/// <param name="Lane">Where it lives.</param>
/// <param name="Client">The socket that the client sends to.</param>
/// <param name="Bound">What the client is told: where to send.</param>
/// <param name="Association">Decides.</param>
/// <param name="Record">Where it is entered what was carried.</param>
internal sealed record UdpOrder(
    Lane Lane, DatagramSocket Client, IPEndPoint Bound, UdpAssociation Association, SessionRecord Record)
{
    /// <summary>What datagrams go through; null for nothing.</summary>
    public IDatagramFlow? Flow { get; init; }
}
