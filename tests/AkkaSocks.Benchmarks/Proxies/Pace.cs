namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>How long each measurement counts, after its warm-up; seconds.</summary>
internal sealed record Pace(double Rate, double PingPong, double Bulk, double Growth)
{
    /// <summary>Connections before a rate counts. A process that compiles while it runs took 16,000 to settle: half the CPU time of its
    /// first thousands; what those cost is told by <see cref="Measure.First5000"/>.</summary>
    public const int WarmConnections = 20_000;

    public static readonly Pace Full = new(4, 3, 3, 2);

    public static readonly Pace Quick = new(1.5, 1, 1, 1);
}
