namespace AkkaSocks.Proxy.Telemetry.Figures;

/// <summary>One series of a metric as it is now.</summary>
/// <param name="Labels">A value for each of the metric's labels, in their order.</param>
/// <param name="Value">The count, or what is measured; of a histogram the number of observations.</param>
internal readonly record struct Series(string[] Labels, double Value)
{
    /// <summary>The distribution, when the metric is a histogram.</summary>
    public Distribution? Distribution { get; init; }
}
