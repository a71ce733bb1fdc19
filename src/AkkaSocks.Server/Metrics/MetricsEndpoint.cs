using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Metrics;

/// <summary><c>GET /metrics</c>: the figures of this node, for Prometheus. Who may read them is the guard's to say.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Its path.</summary>
    public const string Path = "/metrics";

    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>Its route, unless the settings have it off.</summary>
    public static IEnumerable<AdminRoute> RoutesOf(MetricsSettings settings, ProxyMetrics metrics) => settings.Prometheus == PrometheusAccess.Off
        ? []
        : [new("GET", Path, "The figures of this node, for Prometheus.", context => Task.FromResult(Answer(context, metrics))) { MediaType = "text/plain" }];

    private static IResult Answer(HttpContext context, ProxyMetrics metrics)
    {
        var openMetrics = context.Request.Headers.Accept.Any(it => it?.Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase) == true);
        metrics.Sessions.TakeStock();
        return Results.Text(
            PrometheusText.Write(metrics.All.All, openMetrics),
            openMetrics ? PrometheusText.OpenMetricsMediaType : PrometheusText.TextMediaType);
    }
}
