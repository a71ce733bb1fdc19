using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>
/// One client connection, from accept to close. One <c>Become</c> per thing it waits for, one absolute deadline for the whole
/// handshake, and exactly one <see cref="SessionRecord"/> when it is over.
/// </summary>
/// <remarks>
/// <code>
/// AwaitingGreeting ─► AwaitingCredentials ─► AwaitingVerdict ─► AwaitingAdmission ─► AwaitingRequest ─► Connecting ─► Relaying ─► (stopped)
///        │     │                │                  └── no session limit ────────────────►│                  │
///        │     └────── no authentication ────────────────────────────────────────────────►│                  │
///        └──────────────────────────── Refuse ───────────────────────────────────────────────────────────────┴──► Lingering ─► (stopped)
/// </code>
/// A user over its limit has logged in all the same, or its client would ask for another password: RFC 1929 says success, and
/// the request is answered with REP 02. A <see cref="SessionTermination"/> ends the session in every state, with RST.
/// Bytes that arrive early stay in the <see cref="HandshakeBuffer"/>; those behind the request belong to the tunnel and leave
/// only after authentication, policy and connect. While connecting nothing more is read, so a client that
/// goes on sending is held back by TCP.
/// </remarks>
internal sealed class SessionActor : UntypedActor
{
    // One for all sessions: made for each, it would be a quarter of what an idle session retains.
    private static readonly SupervisorStrategy RelayFailure = new RelayFailureStrategy();

    private readonly SessionWiring _wiring;
    private readonly Connection _client;
    private readonly GateLease _lease;
    private readonly Deadline _deadline;
    private readonly SessionRecord _record;
    private HandshakeBuffer _received;
    private LiveSession? _live;
    private SessionLease? _place;
    private Refusal _notAdmitted;
    private Dial? _dial;
    private Connection? _destination;
    private int _lingered;

    private SessionActor(Accepted accepted, SessionWiring wiring)
    {
        _wiring = wiring;
        _client = accepted.Client;
        _lease = accepted.Lease;
        _record = accepted.Record;
        _deadline = new Deadline(wiring.Lane.Deadlines, Self, TimeUp.Instance);
    }

    /// <summary>A connection that was let in, with what the session owns from then on.</summary>
    internal readonly record struct Accepted(Connection Client, GateLease Lease, SessionRecord Record);

    private sealed class ClientReady
    {
        public static readonly ClientReady Instance = new();
    }

    private sealed class TimeUp
    {
        public static readonly TimeUp Instance = new();
    }

    private ProxySettings Settings => _wiring.Settings;

    /// <summary>False when the time that is up is that of the state before: it was told just before the deadline was re-armed.</summary>
    private bool IsOfThisState => !_deadline.IsPending;

    /// <summary>Props for a session, on its lane.</summary>
    public static Props Props(Accepted accepted, SessionWiring wiring) =>
        Akka.Actor.Props.CreateBy(new Producer(accepted, wiring)).WithDispatcher(wiring.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => RelayFailure;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _deadline.Arm(Settings.Limits.HandshakeTimeout);
        Become(AwaitingGreeting);
        _live = _wiring.LiveSessions.Add(_wiring.Lane.Index, Self, _record);
        _client.Watch(new ActorOwner(Self, ClientReady.Instance));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _deadline.Cancel();
        _dial?.Cancel();
        _received.Release();
        CloseConnections();
        _wiring.LiveSessions.Remove(_wiring.Lane.Index, _live!);
        _place?.Return();
        _lease.Return();
        _record.EndedAt = Deadlines.Now;
        _wiring.Metrics.Ended(_record);
        _wiring.Log.Ended(_record);
        _wiring.Tap.Ended(_record);
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            if (message is not SessionTermination termination)
                return base.AroundReceive(receive, message);
            _record.Termination = termination.Reason;
            End(SessionEnd.Killed);
            return true;
        }
        catch
        {
            _record.End = SessionEnd.Failed;
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message) => Unhandled(message);

    private void AwaitingGreeting(object message)
    {
        switch (message)
        {
            case ClientReady when ReceivedMore():
                ReadGreeting();
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void ReadGreeting()
    {
        switch (Greeting.TryRead(_received.Unread, out var greeting, out var length))
        {
            case DecodeStatus.Malformed:
                _record.Refusal = Refusal.UnknownProtocol;
                End(SessionEnd.Refused);
                break;
            case DecodeStatus.Done:
                _received.Consume(length);
                Select(MethodChoice.Of(greeting, Settings.Auth.Methods));
                break;
            default:
                EndIfClientClosed();
                break;
        }
    }

    private void Select(AuthMethod method)
    {
        Span<byte> selection = stackalloc byte[MethodSelection.Length];
        MethodSelection.Write(selection, method);
        if (!Send(selection))
            return;
        switch (method)
        {
            case AuthMethod.None:
                Become(AwaitingRequest);
                ReadRequest();
                break;
            case AuthMethod.Password:
                Become(AwaitingCredentials);
                ReadCredentials();
                break;
            default:
                Linger(Refusal.NoAcceptableMethod);
                break;
        }
    }

    private void AwaitingCredentials(object message)
    {
        switch (message)
        {
            case ClientReady when ReceivedMore():
                ReadCredentials();
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void ReadCredentials()
    {
        switch (Credentials.TryRead(_received.Unread, out var credentials, out var length))
        {
            case DecodeStatus.Malformed:
                Conclude(Refusal.MalformedMessage);
                break;
            case DecodeStatus.Done:
                _received.Consume(length);
                Authenticate(credentials!);
                break;
            default:
                EndIfClientClosed();
                break;
        }
    }

    private void Authenticate(Credentials credentials)
    {
        _record.User = credentials.UserName;
        if (_wiring.Authenticator.TryGrantFromCache(credentials, out var user))
        {
            credentials.Dispose();
            Conclude(Refusal.None, user);
            return;
        }

        Become(AwaitingVerdict);
        _wiring.AuthRegistry.Tell(new AuthRegistry.Authenticate(credentials, 0), Self);
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

    private void Conclude(Refusal refusal, UserRecord? user = null)
    {
        Span<byte> status = stackalloc byte[AuthStatus.Length];
        AuthStatus.Write(status, success: refusal == Refusal.None);
        if (!Send(status))
            return;
        if (refusal == Refusal.None)
            Enter(user!);
        else
            Linger(refusal);
    }

    /// <summary>The password was right.</summary>
    /// <param name="user">The record that it was verified against.</param>
    private void Enter(UserRecord user)
    {
        // Whoever ends the sessions of a changed user looks for what stands here, so the directory is asked after it.
        _live!.AdmittedAs = user;
        if (_wiring.Users.Find(user.Name) is var now && !ReferenceEquals(now, user)
            && Revocation.Of(user, now, DateTimeOffset.UtcNow) is not null)
        {
            Admit(Refusal.UserRevoked);
            return;
        }

        if (user.ExpiresAt is not null)
            _wiring.AuthRegistry.Tell(AuthRegistry.WillExpire.Instance, ActorRefs.NoSender);
        _place = new SessionLease(_wiring.OwnSessions, user.Name);
        if (user.MaxSessions is null)
        {
            _place.TryHold();
            Admit(Refusal.None);
            return;
        }

        Become(AwaitingAdmission);
        _wiring.AuthRegistry.Tell(new AuthRegistry.Admit(_place, user), Self);
    }

    private void AwaitingAdmission(object message)
    {
        switch (message)
        {
            case AuthRegistry.Admitted admitted:
                Admit(admitted.Refusal);
                break;
            case ClientReady when _client.IsReset:
                End(SessionEnd.ClientReset);
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void Admit(Refusal refusal)
    {
        _notAdmitted = refusal;
        Become(AwaitingRequest);
        if (ReceivedMore())
            ReadRequest();
    }

    private void AwaitingRequest(object message)
    {
        switch (message)
        {
            case ClientReady when ReceivedMore():
                ReadRequest();
                break;
            case TimeUp:
                End(SessionEnd.HandshakeTimedOut);
                break;
        }
    }

    private void ReadRequest()
    {
        switch (Request.TryRead(_received.Unread, out var request, out var length, out var problem))
        {
            case DecodeStatus.Malformed:
                Refuse(problem switch
                {
                    ReplyCode.AddressTypeNotSupported => Refusal.AddressTypeNotSupported,
                    ReplyCode.HostUnreachable => Refusal.BadDestinationName,
                    _ => Refusal.MalformedMessage,
                });
                break;
            case DecodeStatus.Done:
                _received.Consume(length);
                Carry(request);
                break;
            default:
                EndIfClientClosed();
                break;
        }
    }

    private void Carry(Request request)
    {
        _record.Command = request.Command;
        _record.Destination = request.Destination;
        _record.RequestedAt = Deadlines.Now;
        switch (request.Command)
        {
            case var _ when _wiring.Drain.HasBegun:
                Refuse(Refusal.NodeStopping);
                break;
            case var _ when _notAdmitted != Refusal.None:
                Refuse(_notAdmitted);
                break;
            case Command.Connect when request.Destination.Port == 0:
                Refuse(Refusal.BadDestinationPort);
                break;
            case Command.Connect:
                Connect(request.Destination);
                break;
            default:
                Refuse(Refusal.CommandNotSupported);
                break;
        }
    }

    private void Connect(Destination destination)
    {
        Become(Connecting);
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
            Relay(destination);
    }

    private void Relay(Connection destination)
    {
        _destination = destination;
        _record.ConnectedAt = Deadlines.Now;
        _record.Address = destination.Remote;
        if (!Reply(ReplyCode.Succeeded, Settings.Egress.HideBoundAddress ? null : destination.Local))
            return;
        _deadline.Cancel();
        _dial = null;
        Become(Relaying);
        var order = new RelayOrder(_wiring.Lane, _client, destination, _received.Unread.ToArray(), _record);
        _received.Release();
        Context.ActorOf(TcpRelayActor.Props(order, _wiring.Graphs, Settings.Relay));
        _wiring.Tap.Started(_record);
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
        if (Reply(refusal.ToReplyCode(), bound: null))
            Linger(refusal);
    }

    /// <summary>
    /// The last word is said. Closing now could destroy it: with bytes of the client unread, closing sends RST, and RST
    /// overtakes the reply. So FIN is sent, and what still comes is read and dropped for a moment.
    /// </summary>
    private void Linger(Refusal refusal)
    {
        _record.Refusal = refusal;
        _record.End = SessionEnd.Refused;
        _received.Release();
        _client.ShutdownSend();
        _deadline.Arm(Lingering.Longest);
        Become(Draining);
        Drain();
    }

    private void Draining(object message)
    {
        switch (message)
        {
            case ClientReady:
                Drain();
                break;
            case TimeUp when IsOfThisState:
                Context.Stop(Self);
                break;
        }
    }

    private void Drain()
    {
        if (Lingering.Drain(_client, ref _lingered))
            Context.Stop(Self);
    }

    /// <summary>Takes what the client has sent.</summary>
    /// <returns>False when the client broke the connection, and with it the session.</returns>
    private bool ReceivedMore()
    {
        if (_received.Fill(_client) != IoStatus.Failed)
            return true;
        End(SessionEnd.ClientReset);
        return false;
    }

    /// <summary>A message is incomplete: more must come, unless the client has said that nothing will.</summary>
    private void EndIfClientClosed()
    {
        if (_received.HasEnded)
            End(SessionEnd.ClientClosed);
    }

    private bool Reply(ReplyCode code, System.Net.IPEndPoint? bound)
    {
        Span<byte> reply = stackalloc byte[Protocol.Reply.MaxLength];
        _record.Reply = code;
        return Send(reply[..Protocol.Reply.Write(reply, code, bound)]);
    }

    /// <summary>Sends a message of the handshake, which always fits into the kernel's empty buffer.</summary>
    /// <returns>False when the client is gone, and with it the session.</returns>
    private bool Send(ReadOnlySpan<byte> message)
    {
        if (_client.Write(message).Bytes == message.Length)
            return true;
        End(SessionEnd.ClientReset);
        return false;
    }

    private void End(SessionEnd end)
    {
        _record.End = end;
        Context.Stop(Self);
    }

    /// <summary>A relay has closed both, in its own way, unless it failed: closing again does nothing.</summary>
    private void CloseConnections()
    {
        if (_record.End is SessionEnd.NodeStopped or SessionEnd.Failed or SessionEnd.ClientReset or SessionEnd.Killed)
        {
            _client.Reset();
            _destination?.Reset();
        }
        else
        {
            _client.Close();
            _destination?.Close();
        }
    }

    private sealed class Producer(Accepted accepted, SessionWiring wiring) : IIndirectActorProducer
    {
        public Type ActorType => typeof(SessionActor);

        public ActorBase Produce() => new SessionActor(accepted, wiring);

        public void Release(ActorBase actor)
        {
        }
    }
}
