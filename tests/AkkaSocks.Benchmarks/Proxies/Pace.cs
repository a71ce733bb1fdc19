namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>How long each measurement counts, after its warm-up; seconds.</summary>
internal sealed record Pace(double Rate, double PingPong, double Bulk, double Growth, int WarmConnections)
{
    public static readonly Pace Full = new(4, 3, 3, 2, 5000);

    public static readonly Pace Quick = new(1.5, 1, 1, 1, 2000);
}
