using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Sessions.Handshakes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Sessions;

/// <content>From the first byte to the request: the same gate for every protocol.</content>
internal sealed partial class SessionActor
{
    private void AwaitingFirstByte(object message)
    {
        switch (message)
        {
            case ClientReady when ReceivedMore():
                Recognize();
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void Recognize()
    {
        if (_received.Unread.IsEmpty)
        {
            EndIfClientClosed();
            return;
        }

        _handshake = HandshakeChoice.Of(_received.Unread[0], _wiring.Listener, Settings.Auth.Methods);
        if (_handshake is null)
        {
            EndRefused(Refusal.UnknownProtocol);
            return;
        }

        _record.Protocol = _handshake.Protocol;
        _received.Limit = _handshake.MaxMessage;
        Become(AwaitingMessage);
        Converse();
    }

    private void AwaitingMessage(object message)
    {
        switch (message)
        {
            case ClientReady when ReceivedMore():
                Converse();
                break;
            case TimeUp:
                SayTimedOut();
                break;
        }
    }

    private void SayTimedOut()
    {
        Span<byte> answer = stackalloc byte[Handshake.MaxAnswer];
        var length = _handshake!.WriteTimedOut(answer);
        if (length == 0 || Send(answer[..length]))
            End(SessionEnd.HandshakeTimedOut);
    }

    /// <summary>Goes through what was received, message by message, until it takes more bytes or somebody else's word.</summary>
    private void Converse()
    {
        Span<byte> answer = stackalloc byte[Handshake.MaxAnswer];
        HandshakeStep step;
        do
        {
            step = _handshake!.Read(_received.Unread, answer);
            _received.Consume(step.Consumed);
            if (step.Answered > 0 && !Send(answer[..step.Answered]))
                return;
        }
        while (step.Move == HandshakeMove.GoOn || (step.Move == HandshakeMove.NeedMore && MadeRoomForMore()));

        switch (step.Move)
        {
            case HandshakeMove.NeedMore:
                EndIfClientClosed();
                break;
            case HandshakeMove.Login:
                Authenticate(step.Credentials!);
                break;
            case HandshakeMove.Request:
                Carry(step.Command, step.Destination);
                break;
            case HandshakeMove.Forward:
                Forward(step.Destination, step.Proof);
                break;
            case HandshakeMove.BadRequest:
                Refuse(step.Refusal);
                break;
            case HandshakeMove.Refused:
                Linger(step.Refusal);
                break;
        }
    }

    /// <summary>What did not fit before may fit now, and nobody tells of it again.</summary>
    private bool MadeRoomForMore()
    {
        var before = _received.Unread.Length;
        return ReceivedMore() && _received.Unread.Length > before;
    }

    private void Authenticate(Credentials credentials)
    {
        _record.User = credentials.UserName;
        if (_wiring.Authenticator.TryGrantFromCache(credentials, Client, out var user))
        {
            credentials.Dispose();
            Conclude(Refusal.None, user);
            return;
        }

        Become(AwaitingVerdict);
        Enter(SessionPhase.Authenticating);
        _wiring.AuthRegistry.Tell(new AuthRegistry.Authenticate(credentials, Client, 0), Self);
    }

    private void AwaitingVerdict(object message)
    {
        switch (message)
        {
            case Verdict verdict:
                Conclude(verdict.Refusal, verdict.Record);
                break;
            case ClientReady when _client.IsReset:
                End(SessionEnd.ClientReset);
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void Conclude(Refusal verdict, UserRecord? user)
    {
        Span<byte> answer = stackalloc byte[Handshake.MaxAnswer];
        var step = _handshake!.Conclude(verdict, answer);
        _received.Consume(step.Consumed);
        if (step.Answered > 0 && !Send(answer[..step.Answered]))
            return;
        if (step.Move == HandshakeMove.Refused)
        {
            Linger(verdict);
        }
        else if (verdict != Refusal.None || _admission.Enter(user!, _live!, _wiring, Self))
        {
            ReadOn();
        }
        else
        {
            Become(AwaitingAdmission);
            Enter(SessionPhase.Admitting);
        }
    }

    private void AwaitingAdmission(object message)
    {
        switch (message)
        {
            case AuthRegistry.Admitted admitted:
                _admission.Settle(admitted);
                ReadOn();
                break;
            case ClientReady when _client.IsReset:
                End(SessionEnd.ClientReset);
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    // While others had the word, nothing was read.
    private void ReadOn()
    {
        Become(AwaitingMessage);
        Enter(SessionPhase.Handshaking);
        if (ReceivedMore())
            Converse();
    }
}
