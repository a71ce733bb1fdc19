using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>What half of the times and 99 of 100 do not exceed, in seconds; null when none was taken. They come from buckets of a power of
/// ten each, and are true to that.</summary>
/// <param name="Median">Half.</param>
/// <param name="P99">99 of 100.</param>
internal readonly record struct MessageTimes(double? Median, double? P99)
{
    /// <summary>Those of a distribution.</summary>
    public static MessageTimes Of(Distribution times) => new(times.Quantile(0.5), times.Quantile(0.99));
}
