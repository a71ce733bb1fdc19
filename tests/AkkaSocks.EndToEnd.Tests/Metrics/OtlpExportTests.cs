using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

public sealed class OtlpExportTests
{
    [Theory]
    [InlineData("grpc", "MetricsService/Export", "TraceService/Export")]
    [InlineData("http", "/v1/metrics", "/v1/traces")]
    public async Task Figures_and_a_span_for_each_session_reach_a_collector(string protocol, string metrics, string traces)
    {
        await using var collector = await OtlpCollector.StartAsync(protocol == "grpc");
        using var node = await FigureNode.StartAsync(
            ("AKKASOCKS__METRICS__OTLP__ENDPOINT", collector.Url),
            ("AKKASOCKS__METRICS__OTLP__PROTOCOL", protocol),
            ("AKKASOCKS__METRICS__OTLP__INTERVAL", "1s"),
            ("AKKASOCKS__METRICS__OTLP__TRACE_EVERY", "1"),
            ("AKKASOCKS__NODE__NAME", "node-of-the-test"));

        // It closes when the client does: a session that one side keeps open ends with relay.half-close-timeout, and its span comes then.
        using var origin = Origin.Echo();
        var port = origin.Endpoint.Port;
        using (await SocksClient.OpenAsync(node.Socks, origin.Endpoint))
        {
        }

        await Eventually.TrueAsync(
            () => collector.Has(metrics, "akkasocks.sessions.phase-duration") && collector.Has(metrics, "akkasocks.sessions.accepted"),
            () => $"the figures to arrive; there were {collector.Received}");
        await Eventually.TrueAsync(() => collector.Has(traces, "session"), () => $"the span to arrive; there were {collector.Received}");
        Assert.True(collector.Has(metrics, "node-of-the-test"));
        foreach (var text in new[] { "node-of-the-test", "requested", "connected", $"127.0.0.1:{port}", "akkasocks.end" })
            Assert.True(collector.Has(traces, text), text);
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_up_neither_sessions_nor_the_end()
    {
        using var node = await FigureNode.StartAsync(
            ("AKKASOCKS__METRICS__OTLP__ENDPOINT", "http://127.0.0.1:1"),
            ("AKKASOCKS__METRICS__OTLP__INTERVAL", "1s"),
            ("AKKASOCKS__METRICS__OTLP__TRACE_EVERY", "1"));
        using var origin = new TcpListener(IPAddress.Loopback, 0);
        origin.Start();
        using (await SocksClient.OpenAsync(node.Socks, (IPEndPoint)origin.LocalEndpoint))
        {
        }

        Assert.Contains("akkasocks_sessions_accepted_total 1", await node.ScrapeAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await node.StopAsync()).ExitCode);
    }
}
