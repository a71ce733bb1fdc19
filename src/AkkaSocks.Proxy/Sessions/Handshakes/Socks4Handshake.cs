using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Sessions.Handshakes;

/// <summary>
/// SOCKS4 and 4A: one request, one reply. There is no login in it, and USERID is none, so it is no way in where one is required.
/// </summary>
/// <param name="accepted">The methods that may be selected.</param>
internal sealed class Socks4Handshake(ImmutableArray<AcceptedMethod> accepted) : Handshake
{
    /// <inheritdoc/>
    public override ClientProtocol Protocol => ClientProtocol.Socks4;

    /// <inheritdoc/>
    public override HandshakeStep Read(ReadOnlySpan<byte> received, Span<byte> answer)
    {
        switch (Socks4Request.TryRead(received, out var request, out var length, out var problem))
        {
            case DecodeStatus.NeedMore:
                return HandshakeStep.NeedMore;
            case var _ when !accepted.Contains(AcceptedMethod.None):
                return new HandshakeStep
                {
                    Move = HandshakeMove.Refused,
                    Consumed = length,
                    Refusal = Refusal.NoAcceptableMethod,
                    Answered = Socks4Reply.Write(answer, granted: false, bound: null),
                };
            case DecodeStatus.Malformed:
                return BadRequest(
                    length, problem == ReplyCode.HostUnreachable ? Refusal.BadDestinationName : Refusal.MalformedMessage);
        }

        // The other numbers mean nothing in this protocol, whatever they mean in SOCKS5.
        if (request.Command is not (Command.Connect or Command.Bind or Command.Resolve))
            return BadRequest(length, Refusal.CommandNotSupported);
        return new HandshakeStep
        {
            Move = HandshakeMove.Request,
            Consumed = length,
            Command = request.Command,
            Destination = request.Destination,
        };
    }

    /// <inheritdoc/>
    public override HandshakeStep Conclude(Refusal verdict, Span<byte> answer) =>
        throw new InvalidOperationException("There is no login in SOCKS4.");

    /// <inheritdoc/>
    public override int WriteReply(Refusal outcome, IPEndPoint? bound, Span<byte> answer) =>
        Socks4Reply.Write(answer, outcome == Refusal.None, outcome == Refusal.None ? bound : null);

    private static HandshakeStep BadRequest(int consumed, Refusal refusal) =>
        new() { Move = HandshakeMove.BadRequest, Consumed = consumed, Refusal = refusal };
}
