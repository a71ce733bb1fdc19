using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Mitm.Interception;

/// <summary>Connections whose HTTP is looked into, counted by what they speak. What became of all others says
/// <c>akkasocks.mitm.sessions</c>.</summary>
internal sealed class InterceptFigures
{
    private static readonly (string Protocol, string Inside)[] Kinds = [("http/1.1", "tcp"), ("h2", "tcp"), ("http/1.1", "tls"), ("h2", "tls")];

    private readonly long[] _opened = new long[Kinds.Length];

    /// <summary>A connection was opened.</summary>
    public void Count(bool isTls, bool isHttp2) => Interlocked.Increment(ref _opened[(isTls ? 2 : 0) + (isHttp2 ? 1 : 0)]);

    /// <summary>Declares the metric.</summary>
    public void Declare(MetricSet metrics) => metrics.Counter(
        "akkasocks.mitm.connections",
        "{connection}",
        "Connections whose HTTP is looked into, by the version that they speak and what it is inside of.",
        ["protocol", "inside"],
        () => Kinds.Select((kind, i) => new Series([kind.Protocol, kind.Inside], Volatile.Read(ref _opened[i]))));
}
