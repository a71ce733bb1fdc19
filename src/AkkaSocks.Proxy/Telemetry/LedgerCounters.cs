using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>How users with a session limit were admitted: written by the registry, read by anyone.</summary>
internal sealed class LedgerCounters
{
    private static readonly string[] ByAndOutcome = ["by", "outcome"];

    private readonly ConcurrentDictionary<(Decider By, string Outcome), StrongBox<long>> _decisions = new();
    private readonly Histogram _latency = new(Histogram.Waits);
    private readonly Peak _overshoot = new();
    private long _held;

    /// <summary>Who decided about a session.</summary>
    internal enum Decider
    {
        /// <summary>This node about a session of its own.</summary>
        Self,

        /// <summary>Another node about a session of this one.</summary>
        Owner,

        /// <summary>This node about a session of another one.</summary>
        ForOthers,
    }

    /// <summary>A decision.</summary>
    /// <param name="by">Whose.</param>
    /// <param name="outcome">A word of a closed set.</param>
    public void Decided(Decider by, string outcome) =>
        Interlocked.Increment(ref _decisions.GetOrAdd((by, outcome), static _ => new StrongBox<long>()).Value);

    /// <summary>Another node has answered.</summary>
    public void Answered(long askedAt, long now) => _latency.Observe(askedAt, now);

    /// <summary>A user was met who has this many more sessions than it may have.</summary>
    public void Overshot(long sessions) => _overshoot.Note(sessions);

    /// <summary>Places that are held now for sessions that other nodes have not counted yet.</summary>
    public void Hold(long places) => Volatile.Write(ref _held, places);

    /// <summary>Declares the metrics.</summary>
    public void Declare(MetricSet metrics)
    {
        metrics.Counter(
            "akkasocks.ledger.decisions",
            "{decision}",
            "Sessions of users with max-sessions: who decided (self, owner: another node, for-others: this node for another) and how.",
            ByAndOutcome,
            () => _decisions.OrderBy(it => it.Key.By).ThenBy(it => it.Key.Outcome, StringComparer.Ordinal)
                .Select(it => new Series([KebabCase.Of($"{it.Key.By}"), it.Key.Outcome], Volatile.Read(ref it.Value.Value))));
        metrics.Histogram("akkasocks.ledger.latency", "Time until the node that owns a user had answered.", _latency);
        metrics.Gauge(
            "akkasocks.ledger.grants",
            "{session}",
            "Places held for sessions that this node granted to others and has not seen counted yet.",
            () => Volatile.Read(ref _held));
        metrics.Gauge(
            "akkasocks.ledger.overshoot",
            "{session}",
            "Most sessions above its limit that a user was met with, within the last half to whole minute; partitions and changed limits do that.",
            () => _overshoot.Read());
    }
}
