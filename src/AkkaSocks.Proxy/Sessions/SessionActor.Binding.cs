using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <content>BIND: a port is opened and told, the one that was named calls there and is told, and then it is a tunnel.</content>
internal sealed partial class SessionActor
{
    // What the client may send before the call; then TCP holds it back.
    private const int MostEarlyBytes = 64 * 1024;

    private sealed class Called
    {
        public static readonly Called Instance = new();
    }

    // A stranger who calls ends a BIND of SOCKS4, as its memo says. In SOCKS5, where nothing says so, it could be anybody's way to
    // spoil anybody's BIND.
    private bool EndsAtStranger => _handshake!.Protocol == ClientProtocol.Socks4;

    private void Bind(Destination named)
    {
        if (named.HostName is { } name)
            LookUp(name);
        else
            Listen([named.Address!]);
    }

    private void Listen(ImmutableArray<IPAddress> named)
    {
        var usable = Usable(named);
        var refusal = usable.IsEmpty
            ? Refusal.NameNotResolved
            : _wiring.BindPorts.TryOpen(_wiring.Lane, _client.Local, usable, out _port);
        if (refusal == Refusal.None && Usable([_port!.Bound.Address]).IsEmpty)
            refusal = Refusal.AddressTypeNotSupported;
        if (refusal != Refusal.None)
        {
            Refuse(refusal);
            return;
        }

        if (!Reply(Refusal.None, _port!.Bound))
            return;
        Become(Binding);
        Enter(SessionPhase.Binding);
        _received.Limit = MostEarlyBytes;
        _deadline.Arm(Settings.Bind.Timeout);
        _port.Watch(new ActorOwner(Self, Called.Instance));
        Follow();
    }

    private void Binding(object message)
    {
        switch (message)
        {
            case Called:
                Answer();
                break;
            case ClientReady when _client.IsReset:
                End(SessionEnd.ClientReset);
                break;
            case ClientReady:
                Follow();
                break;
            case TimeUp when IsOfThisState:
                Refuse(Refusal.BindTimedOut);
                break;
        }
    }

    /// <summary>What the client sends meanwhile is for the caller; when it closes nobody is waited for any more.</summary>
    private void Follow()
    {
        if (ReceivedMore())
            EndIfClientClosed();
    }

    private void Answer()
    {
        switch (_port!.Answer(EndsAtStranger, out var caller))
        {
            case Call.Expected:
                Relay(caller!, caller!.Remote);
                break;
            case Call.Stranger:
                Refuse(Refusal.CallerNotExpected);
                break;
            case Call.More:
                Self.Tell(Called.Instance, ActorRefs.NoSender);
                break;
        }
    }

    /// <summary>The addresses that the client's protocol can name.</summary>
    private ImmutableArray<IPAddress> Usable(ImmutableArray<IPAddress> addresses) => _handshake!.Protocol == ClientProtocol.Socks4
        ? [.. addresses.Where(it => it.AddressFamily == AddressFamily.InterNetwork)]
        : addresses;
}
