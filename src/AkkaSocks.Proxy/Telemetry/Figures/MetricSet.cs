using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace AkkaSocks.Proxy.Telemetry.Figures;

/// <summary>
/// The metrics there are. Each is declared once, and is then to be had in two ways: here, for whoever writes all of them out, and as
/// an instrument of a <see cref="Meter"/>, for whatever listens to those.
/// </summary>
/// <param name="meter">Gets the instruments; the owner disposes of it.</param>
internal sealed class MetricSet(Meter meter)
{
    private static readonly string[] NoLabels = [];
    private ImmutableArray<Metric> _all = [];

    /// <summary>What has the instruments.</summary>
    public Meter Meter => meter;

    /// <summary>All of them, in the order they were declared.</summary>
    public ImmutableArray<Metric> All => _all;

    /// <summary>Declares a counter without labels.</summary>
    public void Counter(string name, string unit, string help, Func<double> value) =>
        Counter(name, unit, help, NoLabels, () => [new Series(NoLabels, value())]);

    /// <summary>Declares a counter.</summary>
    public void Counter(string name, string unit, string help, string[] labels, Func<IEnumerable<Series>> read)
    {
        Add(new Metric(name, MetricKind.Counter, unit, help, labels, read));
        meter.CreateObservableCounter(name, () => Measure(labels, read), unit, help);
    }

    /// <summary>Declares a gauge without labels.</summary>
    public void Gauge(string name, string unit, string help, Func<double> value) =>
        Gauge(name, unit, help, NoLabels, () => [new Series(NoLabels, value())]);

    /// <summary>Declares a gauge.</summary>
    public void Gauge(string name, string unit, string help, string[] labels, Func<IEnumerable<Series>> read)
    {
        Add(new Metric(name, MetricKind.Gauge, unit, help, labels, read));
        meter.CreateObservableGauge(name, () => Measure(labels, read), unit, help);
    }

    /// <summary>Declares a histogram of one label: one <see cref="Figures.Histogram"/> for each of its values.</summary>
    public void Histograms(string name, string help, string label, IReadOnlyList<(string Value, Histogram Histogram)> series)
    {
        var instrument = Instrument(name, help, series[0].Histogram.Bounds);
        foreach (var (value, histogram) in series)
            histogram.Reporting(instrument, new KeyValuePair<string, object?>(label, value));
        Histogram(name, help, [label], () => series.Select(it => SeriesOf([it.Value], it.Histogram)));
    }

    /// <summary>Declares a histogram without labels.</summary>
    public void Histogram(string name, string help, Histogram histogram)
    {
        histogram.Reporting(Instrument(name, help, histogram.Bounds));
        Histogram(name, help, NoLabels, () => [SeriesOf(NoLabels, histogram)]);
    }

    /// <summary>Declares a histogram whose series come later; whoever makes them lets them report to the <see cref="Instrument"/>.
    /// </summary>
    public void Histogram(string name, string help, string[] labels, Func<IEnumerable<Series>> read) =>
        Add(new Metric(name, MetricKind.Histogram, "s", help, labels, read));

    /// <summary>The instrument of a histogram.</summary>
    public Histogram<double> Instrument(string name, string help, double[] bounds) => meter.CreateHistogram(
        name, "s", help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    /// <summary>A series of a histogram.</summary>
    public static Series SeriesOf(string[] labels, Histogram histogram)
    {
        var distribution = histogram.Read();
        return new Series(labels, distribution.Count) { Distribution = distribution };
    }

    // Somebody may be reading while the node starts.
    private void Add(Metric metric) => ImmutableInterlocked.Update(ref _all, static (all, it) => all.Add(it), metric);

    private static IEnumerable<Measurement<double>> Measure(string[] labels, Func<IEnumerable<Series>> read) =>
        read().Select(series => new Measurement<double>(
            series.Value, labels.Zip(series.Labels, (name, value) => new KeyValuePair<string, object?>(name, value))));
}
