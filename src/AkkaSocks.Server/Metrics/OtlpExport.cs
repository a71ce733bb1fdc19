using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AkkaSocks.Server.Metrics;

/// <summary>Sends figures and traces to a collector by OTLP, from the host's start to its stop. What cannot be sent is lost: it holds
/// up nothing.</summary>
internal sealed class OtlpExport(OtlpSettings settings, string node) : IHostedService, IDisposable
{
    private MeterProvider? _meters;
    private TracerProvider? _traces;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("akkasocks", serviceInstanceId: node);
        _meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(ProxyMetrics.MeterName)
            .AddOtlpExporter((exporter, reader) =>
            {
                Reach(exporter, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.Interval.TotalMilliseconds;
            })
            .Build();
        if (settings.TraceEvery > 0)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(SessionTraces.SourceName)
                .AddOtlpExporter(exporter => Reach(exporter, "v1/traces"))
                .Build();
        }

        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, which takes as long as the collector does, but not forever.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(Dispose, CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
    }

    // The library adds the path only to an address that it found in the environment.
    private void Reach(OtlpExporterOptions exporter, string path)
    {
        exporter.Protocol = settings.Protocol == OtlpProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = settings.Protocol == OtlpProtocol.Http
            ? new Uri($"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}")
            : settings.Endpoint;
    }
}
