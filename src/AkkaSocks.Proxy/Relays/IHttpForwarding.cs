using System.IO.Pipelines;
using System.Net;
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
internal sealed record HttpConversation
{
    /// <summary>The session's name, as in the log.</summary>
    public required string Session { get; init; }

    /// <summary>Who the client is.</summary>
    public required IPEndPoint From { get; init; }

    /// <summary>Who has logged in, if anybody had to.</summary>
    public required UserName? User { get; init; }

    /// <summary>The client, whose first request has not been taken yet.</summary>
    public required IDuplexPipe Client { get; init; }

    /// <summary>SHA-256 of the value of Proxy-Authorization that each request must carry; empty for none.</summary>
    public required ReadOnlyMemory<byte> Proof { get; init; }

    /// <summary><c>limits.handshake-timeout</c> of the session: for TLS with an origin that a request is sent to instead.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    /// <summary>Connects to a destination by the session's rules; fails with a <see cref="DialRefusedException"/>.</summary>
    public required Func<Destination, CancellationToken, Task<IDuplexPipe>> Dial { get; init; }

    /// <summary>Told the status that each request got.</summary>
    public required Action<int> Answered { get; init; }

    /// <summary>Takes note that requests were looked into; the last word counts.</summary>
    public required Action<InterceptOutcome> Note { get; init; }
}

/// <summary>Why a dial came to nothing.</summary>
internal sealed class DialRefusedException(Refusal refusal) : Exception($"The destination was refused: {refusal.ToLabel()}.")
{
    /// <summary>The cause.</summary>
    public Refusal Refusal => refusal;
}
