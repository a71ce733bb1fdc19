using System.Globalization;
using System.Text;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Server.Metrics;

/// <summary>
/// Metrics as Prometheus reads them: its text format 0.0.4, and OpenMetrics 1.0, which differs in a few words. Written here since
/// the figures are at hand: a library would want them counted its own way, or read by a meter once more.
/// </summary>
internal static class PrometheusText
{
    /// <summary>The media type of text format 0.0.4.</summary>
    public const string TextMediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The media type of OpenMetrics.</summary>
    public const string OpenMetricsMediaType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private const string CounterSuffix = "_total";

    /// <summary>A metric's name: <c>akkasocks.relay.bytes</c> is <c>akkasocks_relay_bytes_total</c>.</summary>
    public static string NameOf(Metric metric) =>
        FamilyOf(metric) + (metric.Kind == MetricKind.Counter ? CounterSuffix : "");

    /// <summary>Writes all of them.</summary>
    public static string Write(IEnumerable<Metric> metrics, bool openMetrics)
    {
        var text = new StringBuilder(64 * 1024);
        foreach (var metric in metrics)
        {
            // OpenMetrics names the family, whose samples have the suffix; 0.0.4 knows samples alone.
            var head = openMetrics ? FamilyOf(metric) : NameOf(metric);
            text.Append("# HELP ").Append(head).Append(' ').Append(Escaped(metric.Help, quotes: openMetrics)).Append('\n');
            text.Append("# TYPE ").Append(head).Append(' ').Append(TypeOf(metric.Kind)).Append('\n');
            if (openMetrics && UnitOf(metric.Unit) is { } unit && head.EndsWith(unit, StringComparison.Ordinal))
                text.Append("# UNIT ").Append(head).Append(' ').Append(unit).Append('\n');
            foreach (var series in metric.Read())
                Append(text, metric, series);
        }

        return (openMetrics ? text.Append("# EOF\n") : text).ToString();
    }

    private static void Append(StringBuilder text, Metric metric, Series series)
    {
        var name = NameOf(metric);
        if (series.Distribution is not { } distribution)
        {
            Append(text, name, "", metric.Labels, series.Labels, null, series.Value);
            return;
        }

        var sum = 0L;
        for (var bucket = 0; bucket < distribution.Counts.Length; bucket++)
        {
            sum += distribution.Counts[bucket];
            var bound = bucket < distribution.Bounds.Length ? Number(distribution.Bounds[bucket]) : "+Inf";
            Append(text, name, "_bucket", metric.Labels, series.Labels, bound, sum);
        }

        Append(text, name, "_sum", metric.Labels, series.Labels, null, distribution.Sum);
        Append(text, name, "_count", metric.Labels, series.Labels, null, sum);
    }

    private static void Append(
        StringBuilder text, string name, string suffix, string[] labels, string[] values, string? bound, double value)
    {
        text.Append(name).Append(suffix);
        var separator = '{';
        for (var i = 0; i < labels.Length; i++, separator = ',')
            text.Append(separator).Append(labels[i].Replace('-', '_')).Append("=\"").Append(Escaped(values[i], quotes: true)).Append('"');
        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }

        text.Append(separator == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string FamilyOf(Metric metric)
    {
        var name = metric.Name.Replace('.', '_').Replace('-', '_');
        return UnitOf(metric.Unit) is { } unit && !name.EndsWith(unit, StringComparison.Ordinal) ? $"{name}_{unit}" : name;
    }

    private static string? UnitOf(string ucum) => ucum switch
    {
        "s" => "seconds",
        "By" => "bytes",
        _ => null,
    };

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escaped(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
