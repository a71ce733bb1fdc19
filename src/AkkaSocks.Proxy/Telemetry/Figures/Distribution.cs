namespace AkkaSocks.Proxy.Telemetry.Figures;

/// <summary>What a histogram has seen.</summary>
/// <param name="Bounds">Upper bounds of the buckets, inclusive and growing, in seconds; one more bucket takes the rest.</param>
/// <param name="Counts">Observations by bucket, not summed up.</param>
/// <param name="Sum">All observations together, in seconds.</param>
internal sealed record Distribution(double[] Bounds, long[] Counts, double Sum)
{
    /// <summary>How many there are.</summary>
    public long Count => Counts.Sum();

    /// <summary>What came after an earlier reading of the same histogram.</summary>
    public Distribution Since(Distribution earlier) =>
        new(Bounds, [.. Counts.Zip(earlier.Counts, (now, then) => Math.Max(0, now - then))], Math.Max(0, Sum - earlier.Sum));

    /// <summary>
    /// The duration that a share of them did not exceed, in seconds; null when there are none. A bucket tells only between which bounds
    /// its durations lie: they are taken for evenly spread over its orders of magnitude. Above the last bound nothing is known; it is that.
    /// </summary>
    /// <param name="share">From 0 to 1: 0.5 is the median.</param>
    public double? Quantile(double share)
    {
        var rank = share * Count;
        if (rank <= 0)
            return null;
        var below = 0L;
        for (var bucket = 0; bucket < Bounds.Length; bucket++)
        {
            var count = Counts[bucket];
            if (below + count >= rank)
            {
                // The first bucket begins as far below its bound as the second one does.
                var upper = Bounds[bucket];
                var lower = bucket > 0 ? Bounds[bucket - 1] : upper * Bounds[0] / Bounds[1];
                return lower * Math.Pow(upper / lower, (rank - below) / count);
            }

            below += count;
        }

        return Bounds[^1];
    }
}
