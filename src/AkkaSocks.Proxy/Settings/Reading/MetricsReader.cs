namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.metrics</c>.</summary>
internal static class MetricsReader
{
    private static readonly ValueReader<TimeSpan> Interval = DurationText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    /// <summary>Reads the section.</summary>
    public static MetricsSettings Read(ConfigSection metrics) => new()
    {
        Prometheus = metrics.Value<PrometheusAccess>("prometheus", ScalarText.ReadName),
        PerUser = metrics.Value<int?>("per-user", ReadUsers),
        Actors = metrics.Value<bool>("actors", ScalarText.ReadFlag),
        Otlp = metrics.Section("otlp", ReadOtlp),
    };

    private static OtlpSettings? ReadOtlp(ConfigSection otlp)
    {
        var endpoint = otlp.Value<Uri?>("endpoint", ReadEndpoint);
        var protocol = otlp.Value<OtlpProtocol>("protocol", ScalarText.ReadName);
        var interval = otlp.Value("interval", Interval);
        var traceEvery = otlp.Value("trace-every", ScalarText.ReadCount(0, 1_000_000));
        return endpoint is null
            ? null
            : new OtlpSettings { Endpoint = endpoint, Protocol = protocol, Interval = interval, TraceEvery = traceEvery };
    }

    private static string? ReadEndpoint(string text, out Uri? value)
    {
        value = null;
        return text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https")
            ? null
            : "a collector's address such as http://127.0.0.1:4317, or \"\" for none";
    }

    private static string? ReadUsers(string text, out int? value)
    {
        value = null;
        if (text == "off")
            return null;
        var expected = ScalarText.ReadCount(1, 1000)(text, out var users);
        value = users;
        return expected is null ? null : $"off or {expected}";
    }
}
