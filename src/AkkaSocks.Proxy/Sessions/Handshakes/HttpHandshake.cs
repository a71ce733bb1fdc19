using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Sessions.Handshakes;

/// <summary>An HTTP/1.x client of a proxy: CONNECT, or a request to be forwarded, with Basic credentials (RFC 7617).</summary>
/// <remarks>
/// <code>
/// head ─┬─ credentials wanted, none there ─► 407 ─► next head, or the end where a body would follow
///       ├─ credentials ─► login ─┬─ wrong ─► 407, the same
///       │                        └─ right ──┐
///       └─ none wanted ─────────────────────┴─► CONNECT: request ─► 200 · else: forward, head and all
/// </code>
/// A head stays unconsumed until its login is judged: the request in it is read again afterwards.
/// </remarks>
/// <param name="accepted">The methods that may be used: credentials are looked at only where passwords are accepted.</param>
internal sealed class HttpHandshake(ImmutableArray<AcceptedMethod> accepted) : Handshake
{
    private bool _isAuthenticated, _closes;
    private int _headLength, _looked;
    private byte[] _proof = [];

    /// <inheritdoc/>
    public override ClientProtocol Protocol => ClientProtocol.Http;

    /// <inheritdoc/>
    public override int MaxMessage => HttpRequestHead.MaxLength;

    /// <inheritdoc/>
    public override HandshakeStep Read(ReadOnlySpan<byte> received, Span<byte> answer)
    {
        // A head is read from its beginning each time, so not for each byte: only a line's end, or too much, settles anything.
        if (received.Length < MaxMessage && !received[_looked..].Contains((byte)'\n') && received.Length < HttpRequestHead.MaxRequestLine)
        {
            _looked = received.Length;
            return HandshakeStep.NeedMore;
        }

        switch (HttpRequestHead.TryRead(received, out var head, out var length, out var problem))
        {
            case DecodeStatus.NeedMore:
                _looked = received.Length;
                return HandshakeStep.NeedMore;
            case DecodeStatus.Malformed:
                return Refused(Refusal.MalformedMessage, length, HttpAnswer.Write(answer, problem, Label(Refusal.MalformedMessage), false));
        }

        _looked = 0;
        _headLength = length;
        _closes = head!.IsLast || head.HasBody;
        var authorization = received[head.Authorization];
        if (!_isAuthenticated && accepted.Contains(AcceptedMethod.Password) && Credentials.TryReadBasic(authorization, out var login))
        {
            _proof = SHA256.HashData(authorization);
            return new HandshakeStep { Move = HandshakeMove.Login, Credentials = login };
        }

        if (!_isAuthenticated && !accepted.Contains(AcceptedMethod.None))
            return Challenge(Refusal.NoAcceptableMethod, answer);
        return head.IsConnect
            ? new HandshakeStep
            {
                Move = HandshakeMove.Request,
                Consumed = length,
                Command = Command.Connect,
                Destination = head.Destination,
            }
            : new HandshakeStep { Move = HandshakeMove.Forward, Destination = head.Destination, Proof = _proof };
    }

    /// <inheritdoc/>
    public override HandshakeStep Conclude(Refusal verdict, Span<byte> answer)
    {
        _isAuthenticated = verdict == Refusal.None;
        return _isAuthenticated ? new HandshakeStep { Move = HandshakeMove.GoOn } : Challenge(verdict, answer);
    }

    /// <inheritdoc/>
    public override int WriteReply(Refusal outcome, IPEndPoint? bound, Span<byte> answer) => outcome == Refusal.None
        ? HttpAnswer.Write(answer, HttpStatus.Ok, "", keepsOpen: true)
        : HttpAnswer.Write(answer, outcome.ToHttpStatus(), Label(outcome), keepsOpen: false);

    /// <inheritdoc/>
    public override int WriteTimedOut(Span<byte> answer) =>
        HttpAnswer.Write(answer, HttpStatus.RequestTimeout, "", keepsOpen: false);

    // Why a login failed is not said, nor whether credentials were there.
    private HandshakeStep Challenge(Refusal refusal, Span<byte> answer)
    {
        var written = HttpAnswer.Write(answer, HttpStatus.ProxyAuthenticationRequired, "", keepsOpen: !_closes);
        return _closes
            ? Refused(refusal, _headLength, written)
            : new HandshakeStep { Move = HandshakeMove.GoOn, Consumed = _headLength, Answered = written };
    }

    private static HandshakeStep Refused(Refusal refusal, int consumed, int answered) =>
        new() { Move = HandshakeMove.Refused, Refusal = refusal, Consumed = consumed, Answered = answered };

    private static string Label(Refusal refusal) => refusal.ToLabel();
}
