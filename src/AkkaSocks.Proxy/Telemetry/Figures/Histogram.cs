using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AkkaSocks.Proxy.Telemetry.Figures;

/// <summary>
/// Durations counted by bucket. Observing is two interlocked additions on memory that threads hardly ever share, a search of a few
/// steps, no lock and no allocation.
/// </summary>
internal sealed class Histogram
{
    /// <summary>For what an actor does: a power of ten each, from 1 µs to 1 s.</summary>
    public static readonly double[] Work = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

    /// <summary>For what a client waits for: from 0.1 ms, which loopback takes, to the 10 s of the usual deadlines.</summary>
    public static readonly double[] Waits = [1e-4, 2.5e-4, 1e-3, 2.5e-3, 1e-2, 2.5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // Threads by their number; more threads than that meet, and only wait for a cache line.
    private const int Stripes = 4;

    private readonly double[] _bounds;
    private readonly long[] _ticks;
    private readonly long[][] _counts;
    private Histogram<double>? _instrument;
    private KeyValuePair<string, object?>[] _tags = [];

    /// <summary>An empty histogram.</summary>
    /// <param name="bounds">Upper bounds of its buckets in seconds, growing.</param>
    public Histogram(double[] bounds)
    {
        _bounds = bounds;
        _ticks = [.. bounds.Select(bound => (long)(bound * Stopwatch.Frequency))];

        // The sum stands before the buckets. 128 bytes at the end keep the next stripe off its last cache line.
        _counts = [.. Enumerable.Range(0, Stripes).Select(_ => new long[bounds.Length + 2 + 16])];
    }

    /// <summary>Upper bounds of its buckets in seconds.</summary>
    public double[] Bounds => _bounds;

    /// <summary>What it observes goes to an instrument of a meter as well, while somebody listens to that.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="tags">The labels that the instrument is told.</param>
    public Histogram Reporting(Histogram<double>? instrument, params KeyValuePair<string, object?>[] tags)
    {
        (_tags, _instrument) = (tags, instrument);
        return this;
    }

    /// <summary>Counts the time from one reading of <see cref="Stopwatch.GetTimestamp"/> to a later one.</summary>
    public void Observe(long from, long to)
    {
        var ticks = Math.Max(0, to - from);
        var bucket = 0;
        while (bucket < _ticks.Length && ticks > _ticks[bucket])
            bucket++;
        var counts = _counts[Environment.CurrentManagedThreadId & (Stripes - 1)];
        Interlocked.Add(ref counts[0], ticks);
        Interlocked.Increment(ref counts[bucket + 1]);
        if (_instrument is { Enabled: true } instrument)
            instrument.Record(ticks / (double)Stopwatch.Frequency, _tags);
    }

    /// <summary>What it has seen so far.</summary>
    public Distribution Read()
    {
        var counts = new long[_bounds.Length + 1];
        var sum = 0L;
        foreach (var stripe in _counts)
        {
            sum += Volatile.Read(ref stripe[0]);
            for (var bucket = 0; bucket < counts.Length; bucket++)
                counts[bucket] += Volatile.Read(ref stripe[bucket + 1]);
        }

        return new Distribution(_bounds, counts, sum / (double)Stopwatch.Frequency);
    }
}
