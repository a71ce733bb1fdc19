using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Metrics;

/// <summary><c>GET /metrics</c>: the figures of this node, for Prometheus. Who may read them is the guard's to say.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Its path.</summary>
    public const string Path = "/metrics";

    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>Puts it onto a web server that has not started, unless the settings have it off.</summary>
    public static void Map(WebApplication app, MetricsSettings settings, ProxyMetrics metrics)
    {
        if (settings.Prometheus == PrometheusAccess.Off)
            return;
        app.MapMethods(Path, [HttpMethods.Get], async context =>
        {
            var openMetrics = context.Request.Headers.Accept.Any(it => it?.Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase) == true);
            metrics.Sessions.TakeStock();
            var text = PrometheusText.Write(metrics.All.All, openMetrics);
            context.Response.ContentType = openMetrics ? PrometheusText.OpenMetricsMediaType : PrometheusText.TextMediaType;
            await context.Response.WriteAsync(text, context.RequestAborted);
        });
    }
}
