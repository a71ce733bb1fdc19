using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Listening;

/// <summary>
/// What happens to a connection between accept and its actor: it passes the gate or is closed, and goes to the listener actor
/// of its lane. Runs on the transport's threads, for every listener's every connection, so it does nothing else.
/// </summary>
internal sealed class Acceptor(
    Entrance entrance,
    ConnectionGate gate,
    SessionId.Source ids,
    SessionLog log,
    ProxyMetrics metrics,
    SessionTap tap,
    ILoggingAdapter processLog) : IAcceptor
{
    private volatile Entrance _entrance = entrance;

    /// <summary>Where connections go from now on.</summary>
    public Entrance Entrance
    {
        set => _entrance = value;
    }

    /// <inheritdoc/>
    public void OnAccepted(Connection connection, Lane lane)
    {
        metrics.Sessions.Accept();
        var entrance = _entrance;
        var record = new SessionRecord(ids.Next(), entrance.Listener, connection.Remote, Deadlines.Now);
        var refusal = Admit(connection.Remote.Address, entrance.Proxies, out var lease);
        if (refusal == Refusal.None)
        {
            var (parent, wiring) = entrance.Lanes[lane.Index];
            parent.Tell(new SessionActor.Accepted(connection, lease, record, wiring), ActorRefs.NoSender);
            return;
        }

        connection.Close();
        record.Refusal = refusal;
        record.End = SessionEnd.Refused;
        record.EndedAt = Deadlines.Now;
        metrics.Sessions.End(record);
        log.Ended(record);
        tap.Ended(record);
    }

    /// <summary>A client is counted to its address at once; whom a trusted sender passes on, when it has said who that is.</summary>
    private Refusal Admit(IPAddress sender, TrustedProxies proxies, out GateLease lease)
    {
        if (proxies.Include(sender))
            return gate.TryEnter(out lease);
        lease = default;
        return proxies.IsRequired ? Refusal.UntrustedProxy : gate.TryEnter(sender, out lease);
    }

    /// <inheritdoc/>
    public void OnAcceptPaused(SocketError error, TimeSpan pause)
    {
        metrics.AcceptPaused();
        processLog.Warning(
            "Listener {0} accepts nothing for {1} ms: {2}. Raise the descriptor limit (ulimit -n) or lower limits.max-sessions.",
            _entrance.Listener,
            pause.TotalMilliseconds,
            error);
    }
}
