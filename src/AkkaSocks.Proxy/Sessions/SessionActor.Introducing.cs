using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Sessions;

/// <content>Before the first byte of the client: a load balancer says who the client is, and the gate admits that one.</content>
internal sealed partial class SessionActor
{
    private void AwaitingIntroduction(object message)
    {
        switch (message)
        {
            case ClientReady when ReceivedMore():
                ReadIntroduction();
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void ReadIntroduction()
    {
        if (!_wiring.Proxies.IsRequired && ProxyHeader.Recognize(_received.Unread) == DecodeStatus.Malformed)
        {
            // The client itself.
            AdmitClient(_client.Remote);
            return;
        }

        switch (ProxyHeader.TryRead(_received.Unread, out var header, out var length))
        {
            case DecodeStatus.NeedMore:
                EndIfClientClosed();
                break;
            case DecodeStatus.Malformed:
                EndRefused(Refusal.BadProxyHeader);
                break;
            case DecodeStatus.Done:
                _received.Consume(length);
                if (header.Client is not null)
                    _record.Via = _client.Remote;
                AdmitClient(header.Client ?? _client.Remote);
                break;
        }
    }

    private void AdmitClient(IPEndPoint client)
    {
        _record.Client = client;
        if (_lease.Name(client.Address) is not Refusal.None and var refusal)
        {
            EndRefused(refusal);
            return;
        }

        // The header may have taken all the room there was.
        Become(AwaitingFirstByte);
        if (ReceivedMore())
            Recognize();
    }

    /// <summary>Closed without a word: nobody knows yet in which language to say it.</summary>
    private void EndRefused(Refusal refusal)
    {
        _record.Refusal = refusal;
        End(SessionEnd.Refused);
    }
}
