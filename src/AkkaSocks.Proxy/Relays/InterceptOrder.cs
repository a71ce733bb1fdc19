using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>What a session hands to its <see cref="InterceptRelayActor"/>, which owns both connections from then on.</summary>
/// <param name="Dialing">How the destination is connected to once more.</param>
/// <param name="Requested">What the client asked for.</param>
/// <param name="Client">The client's connection.</param>
/// <param name="Destination">The destination's connection.</param>
/// <param name="Prefix">Bytes the client sent behind its request: they go first.</param>
internal sealed record InterceptOrder(
    DialOrder Dialing, Destination Requested, Connection Client, Connection Destination, ReadOnlyMemory<byte> Prefix);
