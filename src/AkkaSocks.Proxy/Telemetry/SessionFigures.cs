using System.Collections.Immutable;
using System.Diagnostics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// Figures of the sessions: counted where they begin, go on and end, and taken stock of while they last. Nothing is done for a
/// chunk: bytes of running sessions are fetched from their records when somebody asks.
/// </summary>
internal sealed class SessionFigures
{
    private const long FreshFor = 250;
    private const string None = "none";

    private readonly Histogram[] _phases = [.. Enum.GetValues<SessionPhase>().Select(_ => new Histogram(Histogram.Waits))];
    private readonly long[] _ended = new long[Enum.GetValues<SessionEnd>().Length];
    private readonly long[,] _refused = new long[Enum.GetValues<Refusal>().Length, Enum.GetValues<SessionPhase>().Length];
    private readonly long[] _replies = new long[Enum.GetValues<ReplyCode>().Length];
    private readonly long[] _terminated = new long[Enum.GetValues<TerminationReason>().Length];
    private readonly long[] _intercepted = new long[Enum.GetValues<InterceptOutcome>().Length];
    private readonly Lock _stockTaking = new();
    private readonly UserFigures? _users;
    private readonly SessionTraces _traces;
    private volatile Dictionary<(string Protocol, string Command, string Phase), int> _live = [];
    private long _accepted, _up, _down, _stockTakenAt;

    /// <summary>Figures without sessions.</summary>
    /// <param name="users">Gets the bytes of users; null when nobody wants them.</param>
    /// <param name="traces">Gets the sessions that are over.</param>
    public SessionFigures(UserFigures? users, SessionTraces traces) => (_users, _traces) = (users, traces);

    /// <summary>The sessions that there are now.</summary>
    public Func<IEnumerable<SessionRecord>> Running { get; set; } = static () => [];

    /// <summary>Sessions that were accepted and are not over.</summary>
    public long Open
    {
        get
        {
            // The ended ones first: a session that comes and goes in between must not make the difference negative.
            var ended = _ended.Sum();
            return Volatile.Read(ref _accepted) - ended;
        }
    }

    /// <summary>Connections that were accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Sessions that were refused.</summary>
    public long Refused => _refused.Cast<long>().Sum();

    /// <summary>Refusals by their reason's label; reasons that did not occur are not there.</summary>
    public ImmutableSortedDictionary<string, long> RefusalsByReason => Refusals()
        .GroupBy(series => series.Labels[0])
        .ToImmutableSortedDictionary(it => it.Key, it => it.Sum(series => (long)series.Value), StringComparer.Ordinal);

    /// <summary>Bytes carried, those of running sessions as of the last <see cref="TakeStock"/>.</summary>
    public (long ClientToDestination, long DestinationToClient) Bytes => (Volatile.Read(ref _up), Volatile.Read(ref _down));

    /// <summary>A connection was accepted.</summary>
    public void Accept() => Interlocked.Increment(ref _accepted);

    /// <summary>A session has got further.</summary>
    public void Enter(SessionRecord record, SessionPhase phase)
    {
        var now = Stopwatch.GetTimestamp();
        LeavePhase(record, now);
        (record.Phase, record.PhaseSince) = (phase, now);
    }

    /// <summary>A session is told no in the phase it is in; what follows is not of that phase.</summary>
    public void Refuse(SessionRecord record) => LeavePhase(record, Stopwatch.GetTimestamp());

    /// <summary>A session is over.</summary>
    public void End(SessionRecord record)
    {
        if (record.Refusal != Refusal.None)
            Interlocked.Increment(ref _refused[(int)record.Refusal, (int)record.Phase]);
        if (record.Reply is { } reply && (int)reply < _replies.Length)
            Interlocked.Increment(ref _replies[(int)reply]);
        if (record.Termination is { } reason)
            Interlocked.Increment(ref _terminated[(int)reason]);
        if (record.Intercept is { } outcome)
            Interlocked.Increment(ref _intercepted[(int)outcome]);
        Carry(record);
        _traces.End(record);
        Interlocked.Increment(ref _ended[(int)record.End]);
    }

    /// <summary>Counts the running sessions and fetches their bytes.</summary>
    public void TakeStock()
    {
        lock (_stockTaking)
        {
            var live = _live.ToDictionary(it => it.Key, _ => 0);
            var users = new List<UserName>();
            foreach (var record in Running())
            {
                Carry(record);
                var key = KeyOf(record);
                live[key] = live.GetValueOrDefault(key) + 1;
                if (_users is not null && UserOf(record) is { } user)
                    users.Add(user);
            }

            _users?.Count(users);
            _live = live;
            Volatile.Write(ref _stockTakenAt, Environment.TickCount64);
        }
    }

    /// <summary>Declares the metrics.</summary>
    public void Declare(MetricSet metrics)
    {
        metrics.Counter("akkasocks.sessions.accepted", "{session}", "Connections that were accepted.", () => Accepted);
        metrics.Counter(
            "akkasocks.sessions.ended",
            "{session}",
            "Sessions that are over, by how they ended.",
            ["end"],
            () => ByLabel(_ended, i => ((SessionEnd)i).ToLabel()));
        metrics.Counter(
            "akkasocks.sessions.refused",
            "{session}",
            "Sessions that were refused, by the reason and by how far they had got.",
            ["reason", "phase"],
            Refusals);
        metrics.Counter(
            "akkasocks.sessions.terminated",
            "{session}",
            "Sessions that were told to end, by the reason.",
            ["reason"],
            () => ByLabel(_terminated, i => KebabCase.Of($"{(TerminationReason)i}")));
        metrics.Counter(
            "akkasocks.sessions.replies",
            "{reply}",
            "Replies to requests, by SOCKS5's REP.",
            ["reply"],
            () => ByLabel(_replies, i => KebabCase.Of($"{(ReplyCode)i}")));
        metrics.Counter(
            "akkasocks.mitm.sessions",
            "{session}",
            "Sessions in scope of interception that are over, by what became of them.",
            ["outcome"],
            () => ByLabel(_intercepted, i => ((InterceptOutcome)i).ToLabel()));
        metrics.Gauge("akkasocks.sessions.open", "{session}", "Sessions that were accepted and are not over.", () => Open);
        metrics.Gauge(
            "akkasocks.sessions",
            "{session}",
            "Sessions now, by protocol, command and phase.",
            ["protocol", "command", "phase"],
            () => Fresh()._live.OrderBy(it => it.Key).Select(it => new Series([it.Key.Protocol, it.Key.Command, it.Key.Phase], it.Value)));
        metrics.Histograms(
            "akkasocks.sessions.phase-duration",
            "Time that sessions spent in a phase which they left by going on or by being refused.",
            "phase",
            [.. Timed.Select(phase => (phase.ToLabel(), _phases[(int)phase]))]);
        metrics.Counter(
            "akkasocks.relay.bytes",
            "By",
            "Bytes that were carried, those of running sessions included.",
            ["direction"],
            () => [new Series([ProxyMetrics.Up], Fresh().Bytes.ClientToDestination), new Series([ProxyMetrics.Down], Bytes.DestinationToClient)]);
        _users?.Declare(metrics);
    }

    private static IEnumerable<SessionPhase> Timed =>
        Enum.GetValues<SessionPhase>().Where(phase => phase is not (SessionPhase.Accepted or SessionPhase.Relaying));

    private static (string Protocol, string Command, string Phase) KeyOf(SessionRecord record) => (
        record.Protocol is { } protocol ? KebabCase.Of($"{protocol}") : None,
        record.Command is { } command ? KebabCase.Of($"{command}") : None,
        record.StateLabel);

    // Only who was let in gets as far as a request.
    private static UserName? UserOf(SessionRecord record) => record.RequestedAt == 0 ? null : record.User;

    private static IEnumerable<Series> ByLabel(long[] counts, Func<int, string> name) =>
        counts.Select((_, i) => new Series([name(i)], Volatile.Read(ref counts[i])));

    private IEnumerable<Series> Refusals()
    {
        for (var refusal = 0; refusal < _refused.GetLength(0); refusal++)
        {
            for (var phase = 0; phase < _refused.GetLength(1); phase++)
            {
                // Most reasons can occur in one phase or two.
                if (Volatile.Read(ref _refused[refusal, phase]) is > 0 and var count)
                    yield return new Series([((Refusal)refusal).ToLabel(), ((SessionPhase)phase).ToLabel()], count);
            }
        }
    }

    private SessionFigures Fresh()
    {
        if (Environment.TickCount64 - Volatile.Read(ref _stockTakenAt) > FreshFor)
            TakeStock();
        return this;
    }

    private void LeavePhase(SessionRecord record, long now)
    {
        if (record.PhaseSince != 0)
            _phases[(int)record.Phase].Observe(record.PhaseSince, now);
        record.PhaseSince = 0;
    }

    private void Carry(SessionRecord record)
    {
        var (up, down) = record.TakeUncounted();
        if (up == 0 && down == 0)
            return;
        Interlocked.Add(ref _up, up);
        Interlocked.Add(ref _down, down);
        if (_users is not null && UserOf(record) is { } user)
            _users.Carried(user, up, down);
    }
}
