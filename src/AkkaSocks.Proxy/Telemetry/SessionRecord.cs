using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What is known of a session, filled in as it goes on and written as one line when it is over.</summary>
internal sealed class SessionRecord(SessionId id, string listener, IPEndPoint sender, long startedAt)
{
    /// <summary>Unique in the cluster.</summary>
    public SessionId Id => id;

    /// <summary>The listener's name in the configuration.</summary>
    public string Listener => listener;

    /// <summary>Where the client connects from; the sender's word on it where a trusted load balancer passes the client on.</summary>
    public IPEndPoint Client { get; set; } = sender;

    /// <summary>The load balancer that has named the client; null without.</summary>
    public IPEndPoint? Via { get; set; }

    /// <summary>When it was accepted: <see cref="Environment.TickCount64"/>.</summary>
    public long StartedAt => startedAt;

    /// <summary>The TLS version the client came in by; null without TLS.</summary>
    public string? TlsVersion { get; set; }

    /// <summary>The name the client asked for in TLS (SNI), escaped; null when it named none.</summary>
    public string? ServerName { get; set; }

    /// <summary>What the client speaks, once its first byte was there.</summary>
    public ClientProtocol? Protocol { get; set; }

    /// <summary>Who authenticated, if anyone did.</summary>
    public UserName? User { get; set; }

    /// <summary>What was asked for, once the request was read.</summary>
    public Command? Command { get; set; }

    /// <summary>Where to, as the client said it.</summary>
    public Destination? Destination { get; set; }

    /// <summary>The address that was used.</summary>
    public IPEndPoint? Address { get; set; }

    /// <summary>The reply, once one was sent; of a protocol other than SOCKS5, the one that says the same.</summary>
    public ReplyCode? Reply { get; set; }

    /// <summary>When the request was complete, or 0.</summary>
    public long RequestedAt { get; set; }

    /// <summary>When the destination was connected, or 0.</summary>
    public long ConnectedAt { get; set; }

    /// <summary>When it was over.</summary>
    public long EndedAt { get; set; }

    /// <summary>Why it was over: a session that ends without a reason of its own ended with its node.</summary>
    public SessionEnd End { get; set; } = SessionEnd.NodeStopped;

    /// <summary>Why it was refused, where it was.</summary>
    public Refusal Refusal { get; set; }

    /// <summary>Why it was told to end, where it was.</summary>
    public TerminationReason? Termination { get; set; }

    /// <summary>What became of it where it was to be looked into; null where it was not.</summary>
    public InterceptOutcome? Intercept { get; set; }

    /// <summary>While bytes are carried: how many so far, from any thread.</summary>
    public Func<(long ClientToDestination, long DestinationToClient)>? CarriedSoFar { get; set; }

    /// <summary>How far it has got; a refused one, where it was refused.</summary>
    public SessionPhase Phase { get; set; }

    /// <summary>Its state for people: the phase, or that it was refused and lingers.</summary>
    public string StateLabel => Refusal == Refusal.None ? Phase.ToLabel() : SessionPhases.Lingering;

    /// <summary>Since when: a reading of <see cref="System.Diagnostics.Stopwatch"/>, or 0 when that is not measured.</summary>
    public long PhaseSince { get; set; }

    /// <summary>Bytes from the client to the destination, once it is over.</summary>
    public long ClientToDestination { get; set; }

    /// <summary>Bytes from the destination to the client, once it is over.</summary>
    public long DestinationToClient { get; set; }

    /// <summary>Datagrams of an association that were not relayed, whatever the reason.</summary>
    public long DatagramsDropped { get; set; }

    /// <summary>Bytes that were carried, at any time and on any thread.</summary>
    public (long ClientToDestination, long DestinationToClient) Bytes => CarriedSoFar?.Invoke() ?? (ClientToDestination, DestinationToClient);

    private long _countedUp, _countedDown;

    /// <summary>
    /// Bytes that no call has given yet. On any thread: whatever several find at the same time, together they find each byte once.
    /// </summary>
    public (long ClientToDestination, long DestinationToClient) TakeUncounted()
    {
        var (up, down) = Bytes;
        return (Advance(ref _countedUp, up), Advance(ref _countedDown, down));
    }

    private static long Advance(ref long counted, long now)
    {
        for (var before = Volatile.Read(ref counted); now > before;)
        {
            var seen = Interlocked.CompareExchange(ref counted, now, before);
            if (seen == before)
                return now - before;
            before = seen;
        }

        return 0;
    }
}
