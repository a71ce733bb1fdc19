using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// Every figure the proxy keeps of itself: each is declared here or by one of the objects named here. Counting is an interlocked
/// addition; labels come from closed sets only, never from a client.
/// </summary>
internal sealed class ProxyMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "AkkaSocks";

    internal const string Up = "client-to-destination", Down = "destination-to-client";

    private readonly Meter _meter = new(MeterName);
    private readonly SessionTraces _traces;
    private long _acceptPauses;
    private Func<ImmutableArray<TimeSpan>> _loopsBusy = static () => [];

    /// <summary>Declares what every node has.</summary>
    /// <param name="perUser">How many users have series of their own; null for none.</param>
    /// <param name="traceEvery">One session in so many becomes a trace; 0 for none.</param>
    /// <param name="measuresActors">Whether actors are measured.</param>
    public ProxyMetrics(int? perUser = null, int traceEvery = 0, bool measuresActors = true)
    {
        Actors = new ActorMetrics(measuresActors);
        _traces = new SessionTraces(traceEvery);
        All = new MetricSet(_meter);
        Sessions = new SessionFigures(perUser is { } top ? new UserFigures(top) : null, _traces);
        Sessions.Declare(All);
        All.Counter(
            "akkasocks.accept.pauses",
            "{pause}",
            "Times that a listener paused for want of descriptors.",
            () => Volatile.Read(ref _acceptPauses));
        Udp.Declare(All);
        Http.Declare(All);
        Actors.Declare(All);
        ProcessFigures.Declare(All);
    }

    /// <summary>All metrics, to be read.</summary>
    public MetricSet All { get; }

    /// <summary>Those of the sessions.</summary>
    public SessionFigures Sessions { get; }

    /// <summary>Time that each event loop has spent working; empty where there are none.</summary>
    public ImmutableArray<TimeSpan> LoopsBusy => _loopsBusy();

    /// <summary>Those of UDP associations.</summary>
    public UdpMetrics Udp { get; } = new();

    /// <summary>Those of forwarded HTTP requests.</summary>
    public HttpFigures Http { get; } = new();

    /// <summary>Those of TLS.</summary>
    public TlsFigures Tls { get; } = new();

    /// <summary>Those of the actors.</summary>
    public ActorMetrics Actors { get; }

    /// <summary>Accepting paused for want of descriptors.</summary>
    public void AcceptPaused() => Interlocked.Increment(ref _acceptPauses);

    /// <summary>Adds the lines that the session log has lost.</summary>
    public void AddSessionLog(SessionLog log) => All.Counter(
        "akkasocks.log.dropped",
        "{line}",
        "Lines of the session log, and of that of failed logins, that were lost, since it could not be written fast enough or at all.",
        () => log.Dropped);

    /// <summary>Adds the graphs of relays.</summary>
    public void AddGraphs(Func<int> living) => All.Gauge(
        "akkasocks.relay.graphs", "{graph}", "Relays that an Akka.Streams graph carries now.", () => living());

    /// <summary>Adds the messages that got lost.</summary>
    public void AddLostMessages(LostMessages lost)
    {
        All.Counter(
            "akkasocks.actors.dead-letters",
            "{message}",
            "Messages to actors that had stopped; a few are usual.",
            ["message"],
            () => lost.DeadLetters);
        All.Counter("akkasocks.actors.unhandled", "{message}", "Messages that an actor did not want.", ["message"], () => lost.Unhandled);
    }

    /// <summary>Adds the figures of event loops.</summary>
    /// <param name="count">How many loops there are.</param>
    /// <param name="turns">Turns of a loop so far.</param>
    /// <param name="busy">Time a loop has spent working so far.</param>
    /// <param name="longest">A loop's longest turn of late.</param>
    /// <param name="fallbacks">Directions of a loop that could not be spliced.</param>
    public void AddLoops(
        int count, Func<int, long> turns, Func<int, TimeSpan> busy, Func<int, TimeSpan> longest, Func<int, long> fallbacks)
    {
        _loopsBusy = () => [.. Enumerable.Range(0, count).Select(busy)];
        string[] labels = ["loop"];
        string[][] loops = [.. Enumerable.Range(0, count).Select(i => new[] { $"{i}" })];
        All.Counter("akkasocks.loop.turns", "{turn}", "Turns of an event loop.", labels, () => ByLoop(i => turns(i)));
        All.Counter(
            "akkasocks.loop.busy",
            "s",
            "Time that an event loop worked; its rate is the share of a core.",
            labels,
            () => ByLoop(i => busy(i).TotalSeconds));
        All.Gauge(
            "akkasocks.loop.longest-turn",
            "s",
            "The longest turn within the last half to whole minute: it delayed every session of the loop.",
            labels,
            () => ByLoop(i => longest(i).TotalSeconds));
        All.Counter(
            "akkasocks.loop.splice-fallbacks",
            "{direction}",
            "Directions that went without a pipe, since too many were held.",
            labels,
            () => ByLoop(i => fallbacks(i)));

        IEnumerable<Series> ByLoop(Func<int, double> figure) => loops.Select((loop, i) => new Series(loop, figure(i)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _traces.Dispose();
    }
}
