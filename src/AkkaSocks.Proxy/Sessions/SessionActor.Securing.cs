using System.Security.Authentication;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Tls;

namespace AkkaSocks.Proxy.Sessions;

/// <content>TLS in front: when its handshake is over, the client begins anew inside, and a certificate it has shown is its login.</content>
internal sealed partial class SessionActor
{
    private sealed class HandshakeWorked
    {
        public static readonly HandshakeWorked Instance = new();
    }

    private void Secure(SecuredListener listener)
    {
        _tls = listener.TryBegin(_client, _received.Unread, Self, HandshakeWorked.Instance, out _certificate);
        _received.Release();
        if (_tls is null)
        {
            EndRefused(Refusal.TooManyTlsHandshakes);
            return;
        }

        Become(Securing);
        Negotiate();
    }

    private void Securing(object message)
    {
        switch (message)
        {
            case ClientReady or HandshakeWorked:
                Negotiate();
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void Negotiate()
    {
        switch (_tls!.Advance())
        {
            case TlsProgress.Secured:
                GoInside();
                break;
            case TlsProgress.Failed:
                Linger(Refusal.TlsFailed);
                break;
            case TlsProgress.Ended:
                End(SessionEnd.ClientClosed);
                break;
            case TlsProgress.Broken:
                End(SessionEnd.ClientReset);
                break;
        }
    }

    private void GoInside()
    {
        _wiring.Metrics.Tls.Secured(_tls!.Version == SslProtocols.Tls13);
        _record.TlsVersion = _tls.Version == SslProtocols.Tls13 ? "1.3" : "1.2";
        _record.ServerName = _tls.ServerName is { } name ? EscapedText.Of(name) : null;
        _client = _tls.TakeConnection();
        _tls.Dispose();
        _tls = null;
        _client.Watch(new ActorOwner(Self, ClientReady.Instance));
        if (_certificate!.Identity is { } identity)
            Authenticate(identity);
        else
            ReadOn();
        _certificate = null;
    }

    /// <summary>A verified certificate says who it is.</summary>
    private void Authenticate(UserName identity)
    {
        _record.User = identity;
        var verdict = _wiring.Authenticator.Judge(identity, out var user);
        if (verdict != Refusal.None)
            Linger(verdict);
        else if (_admission.Enter(user!, _live!, _wiring, Self))
            ReadOn();
        else
            Become(AwaitingAdmission);
    }
}
