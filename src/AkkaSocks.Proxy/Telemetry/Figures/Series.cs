namespace AkkaSocks.Proxy.Telemetry.Figures;

/// <summary>One series of a metric as it is now.</summary>
/// <param name="Labels">A value for each of the metric's labels, in their order.</param>
/// <param name="Value">The count, or what is measured; of a histogram the number of observations.</param>
internal readonly record struct Series(string[] Labels, double Value)
{
    /// <summary>The distribution, when the metric is a histogram.</summary>
    public Distribution? Distribution { get; init; }
}

/// <summary>What a histogram has seen.</summary>
/// <param name="Bounds">Upper bounds of the buckets, inclusive and growing, in seconds; one more bucket takes the rest.</param>
/// <param name="Counts">Observations by bucket, not summed up.</param>
/// <param name="Sum">All observations together, in seconds.</param>
internal sealed record Distribution(double[] Bounds, long[] Counts, double Sum);
