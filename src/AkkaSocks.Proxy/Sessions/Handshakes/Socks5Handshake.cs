using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Sessions.Handshakes;

/// <summary>SOCKS5 (RFC 1928) with or without user name and password (RFC 1929).</summary>
/// <remarks>
/// <code>
/// greeting ─► 05 METHOD ─┬─ none ────────────────────────────► request ─► reply
///                        └─ password ─► credentials ─► 01 STATUS ─┘
/// </code>
/// </remarks>
/// <param name="accepted">The methods that may be selected.</param>
internal sealed class Socks5Handshake(ImmutableArray<AcceptedMethod> accepted) : Handshake
{
    private Message _awaited = Message.Greeting;

    private enum Message : byte
    {
        Greeting,
        Credentials,
        Request,
    }

    /// <inheritdoc/>
    public override ClientProtocol Protocol => ClientProtocol.Socks5;

    /// <inheritdoc/>
    public override HandshakeStep Read(ReadOnlySpan<byte> received, Span<byte> answer) => _awaited switch
    {
        Message.Greeting => ReadGreeting(received, answer),
        Message.Credentials => ReadCredentials(received, answer),
        _ => ReadRequest(received),
    };

    /// <inheritdoc/>
    public override HandshakeStep Conclude(Refusal verdict, Span<byte> answer)
    {
        _awaited = Message.Request;
        var written = AuthStatus.Write(answer, success: verdict == Refusal.None);
        return verdict == Refusal.None
            ? new HandshakeStep { Move = HandshakeMove.GoOn, Answered = written }
            : Refused(verdict, 0, written);
    }

    /// <inheritdoc/>
    public override int WriteReply(Refusal outcome, IPEndPoint? bound, Span<byte> answer) => outcome == Refusal.None
        ? Reply.Write(answer, ReplyCode.Succeeded, bound)
        : Reply.Write(answer, outcome.ToReplyCode(), bound: null);

    /// <inheritdoc/>
    public override int WriteName(Destination name, Span<byte> answer) => Reply.Write(answer, ReplyCode.Succeeded, name);

    private static HandshakeStep Refused(Refusal refusal, int consumed, int answered) =>
        new() { Move = HandshakeMove.Refused, Refusal = refusal, Consumed = consumed, Answered = answered };

    private HandshakeStep ReadGreeting(ReadOnlySpan<byte> received, Span<byte> answer)
    {
        switch (Greeting.TryRead(received, out var greeting, out var length))
        {
            case DecodeStatus.NeedMore:
                return HandshakeStep.NeedMore;
            case DecodeStatus.Malformed:
                return Refused(Refusal.UnknownProtocol, length, 0);
        }

        var method = MethodChoice.Of(greeting, accepted);
        var written = MethodSelection.Write(answer, method);
        if (method == AuthMethod.NoneAcceptable)
            return Refused(Refusal.NoAcceptableMethod, length, written);
        _awaited = method == AuthMethod.Password ? Message.Credentials : Message.Request;
        return new HandshakeStep { Move = HandshakeMove.GoOn, Consumed = length, Answered = written };
    }

    private static HandshakeStep ReadCredentials(ReadOnlySpan<byte> received, Span<byte> answer) =>
        Credentials.TryRead(received, out var credentials, out var length) switch
        {
            DecodeStatus.NeedMore => HandshakeStep.NeedMore,
            DecodeStatus.Malformed => Refused(Refusal.MalformedMessage, length, AuthStatus.Write(answer, success: false)),
            _ => new HandshakeStep { Move = HandshakeMove.Login, Consumed = length, Credentials = credentials },
        };

    private static HandshakeStep ReadRequest(ReadOnlySpan<byte> received) =>
        Request.TryRead(received, out var request, out var length, out var problem) switch
        {
            DecodeStatus.NeedMore => HandshakeStep.NeedMore,
            DecodeStatus.Malformed => new HandshakeStep
            {
                Move = HandshakeMove.BadRequest,
                Consumed = length,
                Refusal = problem switch
                {
                    ReplyCode.AddressTypeNotSupported => Refusal.AddressTypeNotSupported,
                    ReplyCode.HostUnreachable => Refusal.BadDestinationName,
                    _ => Refusal.MalformedMessage,
                },
            },
            _ => new HandshakeStep
            {
                Move = HandshakeMove.Request,
                Consumed = length,
                Command = request.Command,
                Destination = request.Destination,
            },
        };
}
