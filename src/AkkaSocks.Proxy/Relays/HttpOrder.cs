using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>What a session hands to its <see cref="HttpRelayActor"/>, which owns the connection from then on.</summary>
/// <param name="Lane">Where the client's connection lives, and the destinations' will.</param>
/// <param name="Client">The client's connection.</param>
/// <param name="Received">What the client has sent: its first request, or a part of it.</param>
/// <param name="Proof">What each request must prove.</param>
/// <param name="Record">Where the bytes are entered.</param>
/// <param name="Dialer">How destinations are reached.</param>
/// <param name="Settings">For the timeouts.</param>
internal sealed record HttpOrder(
    Lane Lane,
    Connection Client,
    ReadOnlyMemory<byte> Received,
    ReadOnlyMemory<byte> Proof,
    SessionRecord Record,
    Dialer Dialer,
    ProxySettings Settings)
{
    /// <summary>Told the status that each request got.</summary>
    public Action<int> Answered { get; init; } = static _ => { };
}
