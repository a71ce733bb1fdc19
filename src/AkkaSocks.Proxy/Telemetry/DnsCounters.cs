using System.Diagnostics;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What a resolver of names has been doing: written on any thread, read by anyone.</summary>
internal sealed class DnsCounters
{
    private static readonly string[] Outcome = ["outcome"];

    private readonly Histogram _duration = new(Histogram.Waits);
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];
    private long _known, _shared, _waiting, _inFlight;

    /// <summary>A name was in the hosts file, or its answer remembered.</summary>
    public void Known() => Interlocked.Increment(ref _known);

    /// <summary>A name was being looked up already.</summary>
    public void Shared() => Interlocked.Increment(ref _shared);

    /// <summary>A lookup begins.</summary>
    /// <returns>For <see cref="End"/>.</returns>
    public long Begin()
    {
        Interlocked.Increment(ref _inFlight);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>A lookup has ended.</summary>
    /// <param name="begun">What <see cref="Begin"/> gave.</param>
    /// <param name="refusal">How: <see cref="Refusal.None"/> with addresses.</param>
    public void End(long begun, Refusal refusal)
    {
        _duration.Observe(begun, Stopwatch.GetTimestamp());
        Interlocked.Increment(ref _refused[(int)refusal]);
        Interlocked.Decrement(ref _inFlight);
    }

    /// <summary>A lookup waits for its turn, or does not any more.</summary>
    /// <param name="change">1 or -1.</param>
    public void Wait(int change) => Interlocked.Add(ref _waiting, change);

    /// <summary>Declares the metrics.</summary>
    public void Declare(MetricSet metrics)
    {
        metrics.Counter(
            "akkasocks.dns.lookups",
            "{lookup}",
            "Names that were to be resolved: known (hosts file, cache), shared with a lookup under way, or asked of the servers with this outcome.",
            Outcome,
            () =>
            [
                new Series(["known"], Volatile.Read(ref _known)),
                new Series(["shared"], Volatile.Read(ref _shared)),
                Asked("answered", Refusal.None),
                Asked(Refusal.NameNotResolved.ToLabel(), Refusal.NameNotResolved),
                Asked(Refusal.NameLookupTimedOut.ToLabel(), Refusal.NameLookupTimedOut),
                Asked(Refusal.NameLookupBusy.ToLabel(), Refusal.NameLookupBusy),
            ]);
        metrics.Histogram("akkasocks.dns.duration", "Time until the name servers had answered or were given up.", _duration);
        metrics.Gauge(
            "akkasocks.dns.in-flight",
            "{lookup}",
            "Lookups that have not ended, those that wait included.",
            () => Volatile.Read(ref _inFlight));
        metrics.Gauge(
            "akkasocks.dns.waiting",
            "{lookup}",
            "Lookups that wait for their turn (egress.dns.max-lookups).",
            () => Volatile.Read(ref _waiting));
    }

    private Series Asked(string label, Refusal refusal) => new([label], Volatile.Read(ref _refused[(int)refusal]));
}
