namespace AkkaSocks.Proxy.Telemetry.Figures;

/// <summary>What a metric's value may do.</summary>
internal enum MetricKind
{
    /// <summary>It only grows, until the process starts anew.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>It is a distribution that only grows.</summary>
    Histogram,
}

/// <summary>A metric: what it is called, what it means, and how to read it.</summary>
/// <param name="Name">Words joined by dots and hyphens, as <c>akkasocks.relay.bytes</c>.</param>
/// <param name="Kind">What its value may do.</param>
/// <param name="Unit">As UCUM writes it: <c>s</c>, <c>By</c>, or what is counted in braces.</param>
/// <param name="Help">One line for whoever meets it in a graph.</param>
/// <param name="Labels">Names of its labels. Their values come from closed sets, never from a client.</param>
/// <param name="Read">Its series now; allocates, so only readers of metrics call it.</param>
internal sealed record Metric(
    string Name, MetricKind Kind, string Unit, string Help, string[] Labels, Func<IEnumerable<Series>> Read);
