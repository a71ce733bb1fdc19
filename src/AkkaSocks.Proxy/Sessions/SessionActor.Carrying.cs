using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Sessions.Handshakes;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <content>From the request to the end: a command carried out, or refused by a reply.</content>
internal sealed partial class SessionActor
{
    private DialOrder Dialing => new(_wiring.Lane, _record, _wiring.Dialer, Settings);

    /// <summary>Why nothing at all is carried for this session now.</summary>
    private Refusal ObjectionTo(Command command) => RequestChecks.Objection(
        _wiring.Drain, _wiring.Authenticator.Guard, _live!.AdmittedAs, Client, _admission.Refusal, command);

    private void Carry(Command command, Destination destination)
    {
        _record.Command = command;
        _record.Destination = destination;
        _record.RequestedAt = Deadlines.Now;
        switch (command)
        {
            case var _ when ObjectionTo(command) is not Refusal.None and var objection:
                Refuse(objection);
                break;
            case var _ when RequestChecks.Obstacle(Settings, command, destination) is not Refusal.None and var obstacle:
                Refuse(obstacle);
                break;
            case Command.Connect:
                Connect(destination);
                break;
            case Command.UdpAssociate:
                Associate(destination);
                break;
            case Command.Bind:
                Bind(destination);
                break;
            case Command.Resolve:
                Resolve(destination);
                break;
            case Command.ResolvePtr:
                ResolveName(destination);
                break;
        }
    }

    /// <summary>The client's requests name a destination each; so each is judged when it comes.</summary>
    /// <param name="first">That of the first request.</param>
    /// <param name="proof">What each request must prove.</param>
    private void Forward(Destination first, ReadOnlyMemory<byte> proof)
    {
        _record.Destination = first;
        _record.RequestedAt = Deadlines.Now;
        if (ObjectionTo(Command.Connect) is not Refusal.None and var objection)
        {
            Refuse(objection);
        }
        else if (_wiring.HttpForwarding is not { } forwarding)
        {
            Refuse(Refusal.CommandNotSupported);
        }
        else
        {
            _deadline.Cancel();
            _handshake = null;
            Become(Relaying);
            Enter(SessionPhase.Relaying);
            var order = new HttpOrder(Dialing, _client, _received.Unread.ToArray(), proof) { Answered = _wiring.Metrics.Http.Answered };
            _received.Release();
            Context.ActorOf(HttpRelayActor.Props(order, forwarding));
        }
    }

    private void Connect(Destination destination)
    {
        Become(Connecting);
        Enter(SessionPhase.Connecting);
        _deadline.Arm(Settings.Limits.ConnectTimeout);
        _dial = _wiring.Dialer.Dial(destination, _wiring.Lane, Self);
        FollowDial();
    }

    private void Connecting(object message)
    {
        switch (message)
        {
            case Dial.Event dialed:
                _dial!.Advance(dialed);
                FollowDial();
                break;
            case ClientReady when _client.IsReset:
                End(SessionEnd.ClientReset);
                break;
            case TimeUp when IsOfThisState:
                Refuse(_dial!.TimeOut());
                break;
        }
    }

    private void FollowDial()
    {
        if (_dial!.Refusal != Refusal.None)
            Refuse(_dial.Refusal);
        else if (_dial.Connected is { } destination)
            Connected(destination);
    }

    private void Connected(Connection destination)
    {
        _destination = destination;
        if (!_wiring.Dialer.TryIntroduce(_record.Client, destination))
            Refuse(Refusal.ConnectFailed);
        else
            Relay(destination, Settings.Egress.HideBoundAddress ? null : destination.Local);
    }

    private void Relay(Connection destination, IPEndPoint? bound)
    {
        _destination = destination;
        _record.ConnectedAt = Deadlines.Now;
        _record.Address = destination.Remote;
        if (!Reply(Refusal.None, bound))
            return;
        _deadline.Cancel();
        _dial = null;
        _handshake = null;
        Enter(SessionPhase.Relaying);
        switch (ScopeOfTunnel())
        {
            case TunnelScope.Inside:
                Intercept();
                break;
            case TunnelScope.ByName:
                Sniff();
                break;
            default:
                Tunnel(serverName: null);
                break;
        }

        _wiring.Tap.Started(_record);
    }

    private TunnelScope ScopeOfTunnel() =>
        _wiring.Interceptor is { } interceptor && _record is { Command: Command.Connect, Destination: { } requested }
            ? interceptor.ScopeOf(requested, _record.User)
            : TunnelScope.Outside;

    /// <summary>Has somebody look into the tunnel.</summary>
    private void Intercept()
    {
        var order = new InterceptOrder(Dialing, _record.Destination!.Value, _client, _destination!, TakeUnread());
        Become(Relaying);
        Context.ActorOf(InterceptRelayActor.Props(order, _wiring.Interceptor!));
    }

    /// <summary>Has the tunnel carried as it is, or through the flows that match it.</summary>
    /// <param name="serverName">What its TLS asks for, where somebody has listened.</param>
    private void Tunnel(string? serverName)
    {
        var order = new RelayOrder(_wiring.Lane, _client, _destination!, TakeUnread(), _record)
        {
            Flows = _wiring.Distortion?.Of(_record.Id, _record.User, _record.Destination ?? default, serverName),
        };
        Become(Relaying);
        Context.ActorOf(TcpRelayActor.Props(order, _wiring.Graphs, Settings.Relay));
    }

    private byte[] TakeUnread()
    {
        var unread = _received.Unread.ToArray();
        _received.Release();
        return unread;
    }

    private void Relaying(object message)
    {
        switch (message)
        {
            case TcpRelayActor.Ended ended:
                End(ended.End);
                break;
        }
    }

    private void Refuse(Refusal refusal)
    {
        _dial?.Cancel();
        _dial = null;
        _lookup?.Cancel();
        _port?.Close();
        if (Reply(refusal, bound: null))
            Linger(refusal);
    }

    private bool Reply(Refusal outcome, IPEndPoint? bound)
    {
        Span<byte> answer = stackalloc byte[Handshake.MaxAnswer];
        _record.Reply = outcome == Refusal.None ? ReplyCode.Succeeded : outcome.ToReplyCode();
        return Send(answer[.._handshake!.WriteReply(outcome, bound, answer)]);
    }
}
