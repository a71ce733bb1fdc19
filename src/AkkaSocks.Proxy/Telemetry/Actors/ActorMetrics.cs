using System.Collections.Concurrent;
using Akka.Actor.Setup;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>The figures of all actors of a system, gathered from the <see cref="MeasuredMailbox"/> of each of its dispatchers.</summary>
/// <param name="isOn"><c>metrics.actors</c>. Off, failures and restarts alone are counted, which cost nothing until they happen.</param>
internal sealed class ActorMetrics(bool isOn = true)
{
    private const string WaitName = "akkasocks.actors.mailbox-wait", HandlingName = "akkasocks.actors.handling";
    private const string WaitHelp = "Time that messages waited in the mailbox, of one message in 64.";
    private const string HandlingHelp = "Time that actors took to handle a message, of one message in 64.";

    private static readonly string[] Actor = ["actor"], ActorAndMessage = ["actor", "message"];

    private readonly ConcurrentBag<ActorCounters> _counters = [];
    private readonly ConcurrentDictionary<(string Actor, string Message), MessageTiming> _timings = new();
    private System.Diagnostics.Metrics.Histogram<double>? _waiting, _handling;

    /// <summary><c>metrics.actors</c>.</summary>
    public bool IsOn => isOn;

    /// <summary>Counters for a type of actors on one more dispatcher.</summary>
    public ActorCounters Add(string actor)
    {
        var counters = new ActorCounters(actor, message => _timings.GetOrAdd((actor, message), NewTiming));
        _counters.Add(counters);
        return counters;
    }

    /// <summary>All types of actors; none while they are not measured.</summary>
    public IEnumerable<ActorTypeSummary> Summaries() => !isOn ? [] : _counters.GroupBy(it => it.Name).OrderBy(it => it.Key, StringComparer.Ordinal)
        .Select(it => new ActorTypeSummary(
            it.Key,
            it.Sum(Living),
            it.Sum(type => type.Started),
            it.Sum(type => type.Failed),
            it.Sum(type => type.Restarted),
            it.Sum(type => type.Taken),
            it.Sum(Waiting),
            it.Max(type => type.Deepest.Read())).With(_timings.Values.Where(timing => timing.Actor == it.Key)));

    /// <summary>All types of messages by receiver, of which one was timed or caused a failure; none while actors are not measured.</summary>
    public IEnumerable<MessageReading> Messages() => isOn ? _timings.Values.Select(it => it.Read()) : [];

    /// <summary>Declares the metrics.</summary>
    public void Declare(MetricSet metrics)
    {
        metrics.Counter(
            "akkasocks.actors.failures",
            "{failure}",
            "Exceptions that actors let out: each is a defect.",
            Actor,
            () => Sum(it => it.Failed));
        metrics.Counter(
            "akkasocks.actors.restarts",
            "{restart}",
            "Actors that were started anew after a failure.",
            Actor,
            () => Sum(it => it.Restarted));
        if (isOn)
            DeclareMeasured(metrics);
    }

    private void DeclareMeasured(MetricSet metrics)
    {
        metrics.Gauge(
            "akkasocks.actors", "{actor}", "Actors that live now. A stream runs the graphs of an event loop's relays.", Actor, () => Sum(Living));
        metrics.Counter("akkasocks.actors.started", "{actor}", "Actors that were started.", Actor, () => Sum(it => it.Started));
        metrics.Counter("akkasocks.actors.stopped", "{actor}", "Actors that have stopped.", Actor, () => Sum(it => it.Stopped));
        metrics.Counter(
            "akkasocks.actors.messages", "{message}", "Messages that were taken out of mailboxes.", Actor, () => Sum(it => it.Taken));
        metrics.Gauge("akkasocks.actors.mailbox-depth", "{message}", "Messages that wait in mailboxes now.", Actor, () => Sum(Waiting));
        metrics.Gauge(
            "akkasocks.actors.mailbox-peak",
            "{message}",
            "Messages that waited in one mailbox at most, within the last half to whole minute.",
            Actor,
            () => ByName(group => group.Max(it => it.Deepest.Read())));
        _waiting = metrics.Instrument(WaitName, WaitHelp, Histogram.Work);
        _handling = metrics.Instrument(HandlingName, HandlingHelp, Histogram.Work);
        metrics.Histogram(WaitName, WaitHelp, ActorAndMessage, () => Timings(it => it.Waiting));
        metrics.Histogram(HandlingName, HandlingHelp, ActorAndMessage, () => Timings(it => it.Handling));
    }

    private static long Living(ActorCounters it)
    {
        // The stopped ones first: an actor that comes and goes in between must not make the difference negative.
        var stopped = it.Stopped;
        return it.Started - stopped;
    }

    private static long Waiting(ActorCounters it)
    {
        var taken = it.Taken;
        return it.Sent - taken;
    }

    private IEnumerable<Series> Sum(Func<ActorCounters, long> count) => ByName(group => group.Sum(count));

    private IEnumerable<Series> ByName(Func<IEnumerable<ActorCounters>, long> value) =>
        _counters.GroupBy(it => it.Name).OrderBy(it => it.Key, StringComparer.Ordinal).Select(group => new Series([group.Key], value(group)));

    private IEnumerable<Series> Timings(Func<MessageTiming, Histogram> histogram) => _timings.Values
        .OrderBy(it => it.Actor, StringComparer.Ordinal).ThenBy(it => it.Message, StringComparer.Ordinal)
        .Select(it => MetricSet.SeriesOf([it.Actor, it.Message], histogram(it)));

    private MessageTiming NewTiming((string Actor, string Message) key)
    {
        KeyValuePair<string, object?>[] tags = [new("actor", key.Actor), new("message", key.Message)];
        return new MessageTiming(
            key.Actor, key.Message, new Histogram(Histogram.Work).Reporting(_waiting, tags), new Histogram(Histogram.Work).Reporting(_handling, tags));
    }
}

/// <summary>Carries the metrics into an ActorSystem, so that there is no static and several systems can live in one process.</summary>
internal sealed class ActorMetricsSetup(ActorMetrics metrics) : Setup
{
    /// <summary>The metrics.</summary>
    public ActorMetrics Metrics => metrics;
}
