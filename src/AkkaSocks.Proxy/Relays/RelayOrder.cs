using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>What a session hands to its relay: two connections of one lane, which the relay owns and closes from then on.</summary>
/// <param name="Lane">Where both connections live.</param>
/// <param name="Client">The client's connection.</param>
/// <param name="Destination">The destination's connection.</param>
/// <param name="Prefix">Bytes the client sent behind its request: they go first.</param>
/// <param name="Record">Where the bytes are entered when the relay is over.</param>
internal readonly record struct RelayOrder(
    Lane Lane, Connection Client, Connection Destination, ReadOnlyMemory<byte> Prefix, SessionRecord Record)
{
    /// <summary>What the bytes go through on the way; null for nothing.</summary>
    public RelayFlows? Flows { get; init; }
}
