using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Sessions.Handshakes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Tls;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>
/// One client connection, from accept to close. One <c>Become</c> per thing it waits for, one absolute deadline for the whole
/// handshake, and exactly one <see cref="SessionRecord"/> when it is over.
/// </summary>
/// <remarks>
/// <code>
/// AwaitingFirstByte ─► AwaitingMessage ─────────── request ──────────┬► Connecting ─► Relaying ─► (stopped)
///        │                │       ▲                                   └► Associated ────────────► (stopped)
///        │                │       │                                         │
///        │              login     └───────── admitted ────────┐             │
///        │                └─► AwaitingVerdict ─► AwaitingAdmission          │
///        └─► (stopped)                │                                     │
///                                     └──────── refused ────────────────────┴─► Draining ─► (stopped)
/// </code>
/// Behind a load balancer AwaitingIntroduction comes first. BIND leads through Binding to Relaying; names that are asked for, of Tor's
/// RESOLVE or of a BIND, through Resolving. A tunnel that a name decides about (interception) is listened to first, in Sniffing.
/// A first byte of TLS leads through Securing, and back to where it began, inside.
/// What the bytes mean is the <see cref="Handshake"/>'s, one type per protocol; the way through authentication, limits and
/// policy is the same for all. A <see cref="SessionTermination"/> ends the session in every state, with RST.
/// Bytes that arrive early stay in the <see cref="HandshakeBuffer"/>; those behind the request belong to the tunnel and leave
/// only after authentication, policy and connect. While connecting nothing more is read, so a client that
/// goes on sending is held back by TCP.
/// </remarks>
internal sealed partial class SessionActor : MeasuredActor
{
    // One for all sessions: made for each, it would be a quarter of what an idle session retains.
    private static readonly SupervisorStrategy RelayFailure = new RelayFailureStrategy();

    private readonly SessionWiring _wiring;
    private readonly Deadline _deadline;
    private readonly SessionRecord _record;
    private Connection _client;
    private GateLease _lease;
    private HandshakeBuffer _received;
    private LiveSession? _live;
    private TlsHandshake? _tls;
    private ClientCertificate? _certificate;
    private Handshake? _handshake;
    private UserAdmission _admission;
    private Dial? _dial;
    private CancellationTokenSource? _lookup;
    private BindPort? _port;
    private Connection? _destination;
    private int _lingered;

    private SessionActor(Accepted accepted)
    {
        var wiring = _wiring = accepted.Wiring;
        _client = accepted.Client;
        _lease = accepted.Lease;
        _record = accepted.Record;
        _deadline = new Deadline(wiring.Lane.Deadlines, Self, TimeUp.Instance);
    }

    /// <summary>A connection that was let in, with what the session owns from then on, and what it goes by to its end.</summary>
    internal readonly record struct Accepted(Connection Client, GateLease Lease, SessionRecord Record, SessionWiring Wiring);

    private sealed class ClientReady
    {
        public static readonly ClientReady Instance = new();
    }

    private sealed class TimeUp
    {
        public static readonly TimeUp Instance = new();
    }

    private ProxySettings Settings => _wiring.Settings;

    private ClientNetwork Client => ClientNetwork.Of(_record.Client.Address);

    /// <summary>False when the time that is up is that of the state before: it was told just before the deadline was re-armed.</summary>
    private bool IsOfThisState => !_deadline.IsPending;

    /// <summary>Props for a session, on its lane.</summary>
    public static Props Props(Accepted accepted) =>
        Akka.Actor.Props.CreateBy(new Producer(accepted)).WithDispatcher(accepted.Wiring.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => RelayFailure;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _deadline.Arm(Settings.Limits.HandshakeTimeout);
        Become(_wiring.Proxies.Include(_client.Remote.Address) ? AwaitingIntroduction : AwaitingFirstByte);
        Enter(SessionPhase.Handshaking);
        _live = _wiring.LiveSessions.Add(_wiring.Lane.Index, Self, _record);
        _client.Watch(new ActorOwner(Self, ClientReady.Instance));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _deadline.Cancel();
        _dial?.Cancel();
        _lookup?.Cancel();
        _port?.Close();
        if (_association is not null)
            _wiring.Associations.Close(_association);
        _received.Release();
        _tls?.Dispose();
        CloseConnections();
        _wiring.LiveSessions.Remove(_wiring.Lane.Index, _live!);
        _admission.Leave();
        _lease.Return();
        _record.EndedAt = Deadlines.Now;
        _wiring.Metrics.Sessions.End(_record);
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

    /// <summary>
    /// The last word is said. Closing now could destroy it: with bytes of the client unread, closing sends RST, and RST
    /// overtakes the reply. So FIN is sent, and what still comes is read and dropped for a moment.
    /// </summary>
    private void Linger(Refusal refusal)
    {
        _wiring.Metrics.Sessions.Refuse(_record);
        _record.Refusal = refusal;
        Linger(SessionEnd.Refused);
    }

    private void Linger(SessionEnd end)
    {
        _record.End = end;
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

    private void Enter(SessionPhase phase) => _wiring.Metrics.Sessions.Enter(_record, phase);

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

    private sealed class Producer(Accepted accepted) : IIndirectActorProducer
    {
        public Type ActorType => typeof(SessionActor);

        public ActorBase Produce() => new SessionActor(accepted);

        public void Release(ActorBase actor)
        {
        }
    }
}
