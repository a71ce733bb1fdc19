using System.IO.Pipelines;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// Carries the requests of HTTP clients, each to the destination it names. Implemented by the project that knows HTTP beyond
/// CONNECT, which this one does not name.
/// </summary>
internal interface IHttpForwarding
{
    /// <summary>Reads requests from a client and answers them until either side ends.</summary>
    /// <returns>Completes when the conversation is over; it never fails.</returns>
    Task Converse(HttpConversation conversation);
}

/// <summary>One client's requests.</summary>
/// <param name="Session">The session's name, for diagnostics.</param>
/// <param name="Client">The client, whose first request has not been taken yet.</param>
/// <param name="Proof">SHA-256 of the value of Proxy-Authorization that each request must carry; empty for none.</param>
/// <param name="Dial">Connects to a destination by the session's rules.</param>
internal sealed record HttpConversation(
    string Session, IDuplexPipe Client, ReadOnlyMemory<byte> Proof, Func<Destination, CancellationToken, Task<IDuplexPipe>> Dial)
{
    /// <summary>Told the status that each request got.</summary>
    public Action<int> Answered { get; init; } = static _ => { };
}

/// <summary>Why a dial came to nothing.</summary>
internal sealed class DialRefusedException(Refusal refusal) : Exception($"The destination was refused: {refusal.ToLabel()}.")
{
    /// <summary>The cause.</summary>
    public Refusal Refusal => refusal;
}
