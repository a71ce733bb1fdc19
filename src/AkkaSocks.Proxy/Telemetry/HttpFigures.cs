using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>HTTP requests that were forwarded, CONNECT not among them: that is a session like any other.</summary>
internal sealed class HttpFigures
{
    private static readonly string[] Classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly long[] _answers = new long[Classes.Length];

    /// <summary>A request was answered with this status, by its destination or in its place.</summary>
    public void Answered(int status)
    {
        if (status / 100 is var first && first >= 1 && first <= Classes.Length)
            Interlocked.Increment(ref _answers[first - 1]);
    }

    /// <summary>Declares the metrics.</summary>
    public void Declare(MetricSet metrics) => metrics.Counter(
        "akkasocks.http.requests",
        "{request}",
        "HTTP requests that were to be forwarded, by the class of the status that the client got.",
        ["status"],
        () => Classes.Select((name, i) => new Series([name], Volatile.Read(ref _answers[i]))));
}
