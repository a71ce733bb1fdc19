namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>One column: a figure, its unit, and which way is better.</summary>
/// <param name="Measure">What yields it.</param>
/// <param name="Name">The load and the figure, with a dot between; unique.</param>
/// <param name="Title">The head of its column.</param>
/// <param name="MoreIsBetter">False: less is.</param>
internal sealed record Metric(Measure Measure, string Name, string Title, bool MoreIsBetter)
{
    /// <summary>Session counts of <see cref="Measure.Growth"/>.</summary>
    public static readonly int[] GrowthSteps = [100, 1000, 5000];

    /// <summary>Session counts of <see cref="Measure.Idle"/>: a proxy that keeps pipes for every session runs out of descriptors
    /// before 5,000.</summary>
    public static readonly int[] IdleSteps = [3000, 5000];

    /// <summary>The tables, each with its columns.</summary>
    public static readonly IReadOnlyList<(string Title, Metric[] Columns)> Tables =
    [
        ("Connections", [
            new(Measure.Rate, "rate.cps", "conn/s", true),
            new(Measure.Rate, "rate.cpu", "CPU µs each", false),
            new(Measure.Rate, "rate.p99", "p99 µs", false),
            new(Measure.Password, "password.cps", "password: conn/s", true),
            new(Measure.Password, "password.cpu", "CPU µs each", false)]),
        ("Round trips of 64 bytes", [
            new(Measure.PingPong, "pp1.p50", "1 stream: p50 µs", false),
            new(Measure.PingPong, "pp1.p99", "p99 µs", false),
            new(Measure.PingPong, "pp1.cpu", "CPU µs", false),
            new(Measure.PingPong, "pp64.rps", "64 streams: trips/s", true),
            new(Measure.PingPong, "pp64.p50", "p50 µs", false),
            new(Measure.PingPong, "pp64.p99", "p99 µs", false),
            new(Measure.PingPong, "pp64.cpu", "CPU µs", false)]),
        ("TLS in front (of the floor: TLS terminated, no SOCKS)", [
            new(Measure.Tls, "tls.cps", "resumed: conn/s", true),
            new(Measure.Tls, "tls.cpu", "CPU µs each", false),
            new(Measure.Tls, "tlsfull.cps", "full: conn/s", true),
            new(Measure.Tls, "tlsfull.cpu", "CPU µs each", false),
            new(Measure.Tls, "tlsdown.gbps", "down: GB/s", true),
            new(Measure.Tls, "tlsdown.cpu", "CPU s/GB", false),
            new(Measure.Tls, "tlsup.gbps", "up: GB/s", true),
            new(Measure.Tls, "tlsup.cpu", "CPU s/GB", false),
            new(Measure.Tls, "tlsidle.rss", "idle: KiB each", false)]),
        ("UDP ASSOCIATE: 16 associations, datagrams of 200 bytes", [
            new(Measure.Udp, "udp.pps", "relayed/s", true),
            new(Measure.Udp, "udp.cpu", "CPU µs each", false),
            new(Measure.Udp, "udp.loss", "lost at half, %", false),
            new(Measure.Udp, "udpidle.rss", "6,000 idle: RSS KiB each", false),
            new(Measure.Udp, "udpidle.fds", "descriptors", false)]),
        ("UDP ASSOCIATE: 16 associations, datagrams of 1,200 bytes sent and taken as stacks of QUIC do (UDP_SEGMENT, UDP_GRO)", [
            new(Measure.Udp, "udptogether.pps", "relayed/s", true),
            new(Measure.Udp, "udptogether.cpu", "CPU µs each", false),
            new(Measure.Udp, "udptogether.loss", "lost at half, %", false)]),
        ("Bulk, 4 streams", [
            new(Measure.Bulk, "down.gbps", "down: GB/s", true),
            new(Measure.Bulk, "down.cpu", "CPU s/GB", false),
            new(Measure.Bulk, "up.gbps", "up: GB/s", true),
            new(Measure.Bulk, "up.cpu", "CPU s/GB", false),
            new(Measure.Bulk, "both.gbps", "both: GB/s", true),
            new(Measure.Bulk, "both.cpu", "CPU s/GB", false),
            new(Measure.Healthy, "healthy.p50", "healthy session under bulk: p50 µs", false),
            new(Measure.Healthy, "healthy.p99", "p99 µs", false)]),
        ("Start and idle sessions", [
            new(Measure.Startup, "startup.ms", "start ms", false),
            new(Measure.Startup, "startup.rss", "base RSS MiB", false),
            new(Measure.First5000, "first.ratio", "first 5,000 / warmed", true),
            .. IdleSteps.SelectMany(held => new Metric[]
            {
                new(Measure.Idle, $"idle{held}.rss", $"{held:N0} idle: RSS KiB each", false),
                new(Measure.Idle, $"idle{held}.pss", "PSS KiB", false),
                new(Measure.Idle, $"idle{held}.fds", "descriptors", false),
            })]),
        .. GrowthSteps.Select(held => ($"With {held:N0} sessions open", new Metric[]
        {
            new(Measure.Growth, $"growth{held}.cps", "conn/s", true),
            new(Measure.Growth, $"growth{held}.cpu", "CPU µs each", false),
            new(Measure.Growth, $"growth{held}.rps", "64 streams: trips/s", true),
            new(Measure.Growth, $"growth{held}.p99", "p99 µs", false),
        })),
    ];

    /// <summary>All columns of all tables.</summary>
    public static IEnumerable<Metric> All => Tables.SelectMany(table => table.Columns);

    /// <summary>What fails as one: the part of the name before the dot.</summary>
    public string Load => Name[..Name.IndexOf('.')];
}
