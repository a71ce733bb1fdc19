using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Sessions.Handshakes;

/// <summary>
/// A client's conversation in its protocol, up to the reply to its request: which bytes mean what, and which bytes say an
/// outcome. It decides nothing about users or destinations and does no I/O: the session reads, sends, authenticates and connects.
/// </summary>
/// <remarks>
/// <code>
/// Read ─► NeedMore | GoOn | Refused
///      ├► Login ──────────────── Conclude(verdict) ─► GoOn | Refused
///      ├► Request | BadRequest ─ WriteReply(outcome)
///      └► Forward: what was received is the beginning of another conversation
/// </code>
/// One per session, which drops it with the reply; so what it remembers of the conversation costs an idle session nothing.
/// </remarks>
internal abstract class Handshake
{
    /// <summary>Bytes that suffice for whatever a handshake says at once.</summary>
    public const int MaxAnswer = 512;

    /// <summary>What the client speaks.</summary>
    public abstract ClientProtocol Protocol { get; }

    /// <summary>Bytes of the longest message it reads: what may be received before any is consumed.</summary>
    public virtual int MaxMessage => HandshakeBuffer.Smallest;

    /// <summary>Reads the client's next message.</summary>
    /// <param name="received">All that was received and not consumed.</param>
    /// <param name="answer">Room for <see cref="MaxAnswer"/> bytes: what to send before anything else.</param>
    public abstract HandshakeStep Read(ReadOnlySpan<byte> received, Span<byte> answer);

    /// <summary>The login was judged.</summary>
    /// <param name="verdict"><see cref="Refusal.None"/> when it is good.</param>
    /// <param name="answer">Room for <see cref="MaxAnswer"/> bytes: what to send before anything else.</param>
    /// <returns><see cref="HandshakeMove.GoOn"/>, also after a refusal where the client may try again, or
    /// <see cref="HandshakeMove.Refused"/>.</returns>
    public abstract HandshakeStep Conclude(Refusal verdict, Span<byte> answer);

    /// <summary>Writes the reply to the request.</summary>
    /// <param name="outcome"><see cref="Refusal.None"/> when it succeeded.</param>
    /// <param name="bound">The address that a success names; null for none.</param>
    /// <param name="answer">Room for <see cref="MaxAnswer"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public abstract int WriteReply(Refusal outcome, IPEndPoint? bound, Span<byte> answer);

    /// <summary>Writes the reply that grants RESOLVE_PTR, which is asked for in SOCKS5 only.</summary>
    /// <param name="name">The name.</param>
    /// <param name="answer">Room for <see cref="MaxAnswer"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public virtual int WriteName(Destination name, Span<byte> answer) =>
        throw new NotSupportedException($"{Protocol} has no reply with a name.");

    /// <summary>Writes what is said to a client whose message did not arrive in time.</summary>
    /// <param name="answer">Room for <see cref="MaxAnswer"/> bytes.</param>
    /// <returns>Bytes written; 0 where the protocol has no word for it.</returns>
    public virtual int WriteTimedOut(Span<byte> answer) => 0;
}
