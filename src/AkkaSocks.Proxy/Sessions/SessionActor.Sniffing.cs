using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <content>
/// A tunnel to an address, which is looked into where TLS asks for a name that is in scope: the client's first bytes are listened to here,
/// on the lane, so that one that turns out to be no such tunnel is carried like any other.
/// </content>
internal sealed partial class SessionActor
{
    // As much as the pipes of whoever looks into tunnels hold; a ClientHello has 300 to 2,000 bytes.
    private const int MostSniffed = 64 * 1024;

    private bool _hasBegun;

    private sealed class DestinationReady
    {
        public static readonly DestinationReady Instance = new();
    }

    private void Sniff()
    {
        Become(Sniffing);
        _received.Limit = MostSniffed;
        _deadline.Arm(_wiring.Interceptor!.Silence);
        _destination!.Watch(new ActorOwner(Self, DestinationReady.Instance));
        if (ReceivedMore())
            Hear();
    }

    private void Sniffing(object message)
    {
        switch (message)
        {
            case ClientReady when ReceivedMore():
            case DestinationReady:
                Hear();
                break;
            case TimeUp when IsOfThisState:
                RelayUntouched(InterceptOutcome.Silent, serverName: null);
                break;
        }
    }

    private void Hear()
    {
        if (_received.Unread.IsEmpty)
        {
            if (_received.HasEnded)
                RelayUntouched(InterceptOutcome.Silent, serverName: null);
            else if (_destination!.IsReadable)
                RelayUntouched(InterceptOutcome.ServerFirst, serverName: null);
            return;
        }

        var words = _wiring.Interceptor!.Hear(_record.Destination!.Value, _received.UnreadMemory);
        if (words.Scope == TunnelScope.Inside)
            LookInto();
        else if (words.Scope == TunnelScope.Outside)
            RelayUntouched(words.Untouched, words.ServerName);
        else if (_received.HasEnded || _received.Unread.Length >= MostSniffed)
            RelayUntouched(InterceptOutcome.OtherProtocol, serverName: null);
        else if (!_hasBegun)
            WaitForRest();
    }

    private void WaitForRest()
    {
        _hasBegun = true;
        _deadline.Arm(Settings.Limits.HandshakeTimeout);
    }

    private void LookInto()
    {
        _deadline.Cancel();
        Intercept();
    }

    private void RelayUntouched(InterceptOutcome outcome, string? serverName)
    {
        _deadline.Cancel();
        _record.Intercept = outcome;
        Tunnel(serverName);
    }
}
