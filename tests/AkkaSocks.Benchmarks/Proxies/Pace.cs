namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>How long each measurement counts, after its warm-up; seconds. The warm-up of connections is long enough for a process that
/// compiles while it runs to have its hot paths compiled in full; what that costs at first is <see cref="Measure.First5000"/>.</summary>
internal sealed record Pace(double Rate, double PingPong, double Bulk, double Growth, int WarmConnections)
{
    public static readonly Pace Full = new(4, 3, 3, 2, 10_000);

    public static readonly Pace Quick = new(1.5, 1, 1, 1, 6000);
}
