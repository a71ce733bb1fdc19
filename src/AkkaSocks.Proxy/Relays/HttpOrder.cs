using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>What a session hands to its <see cref="HttpRelayActor"/>, which owns the connection from then on.</summary>
/// <param name="Dialing">How destinations are connected to.</param>
/// <param name="Client">The client's connection.</param>
/// <param name="Received">What the client has sent: its first request, or a part of it.</param>
/// <param name="Proof">What each request must prove.</param>
internal sealed record HttpOrder(DialOrder Dialing, Connection Client, ReadOnlyMemory<byte> Received, ReadOnlyMemory<byte> Proof)
{
    /// <summary>Told the status that each request got.</summary>
    public Action<int> Answered { get; init; } = static _ => { };
}
