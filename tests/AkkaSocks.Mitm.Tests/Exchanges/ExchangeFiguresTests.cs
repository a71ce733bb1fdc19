using System.Diagnostics.Metrics;
using System.Net;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Proxy.Telemetry.Figures;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Exchanges;

public sealed class ExchangeFiguresTests
{
    [Fact]
    public async Task Exchanges_are_counted_by_status_and_by_how_a_rule_answered()
    {
        var policy = Policies.Of(
            """
            rules = [
              { name = no, match { path = /no }, action { block { status = 403 } } }
              { name = stub, match { path = /stub }, action { mock { status = 204, content-type = text/plain, body = "" } } }
              { name = late, match { path = /late, response-type = "text/*" }, action { block { status = 451 } } }
            ]
            """);
        using var meter = new Meter(nameof(ExchangeFiguresTests));
        var metrics = new MetricSet(meter);
        var figures = new ExchangeFigures();
        figures.Declare(metrics);
        await using var origin = await TestOrigin.StartAsync(HttpVersion.Version11, context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.StatusCode = context.Request.Path == "/broken" ? 503 : 200;
            return Task.CompletedTask;
        });
        await using var server = await PrivateServer.StartAsync(
            HttpVersion.Version11, origin.Port, application: forwarder => new ExchangeApplication(forwarder, () => policy, figures));
        foreach (var path in (string[])["/no", "/stub", "/late", "/broken", "/", "/"])
            (await server.GetAsync(path)).Dispose();

        var metric = Assert.Single(metrics.All);
        await Patience.UntilAsync(() => metric.Read().Sum(series => series.Value) >= 6, "six exchanges");
        Assert.Equal(
            ["2xx none 2", "2xx mock 1", "4xx block 2", "5xx none 1"],
            metric.Read().Where(series => series.Value > 0).Select(series => $"{series.Labels[0]} {series.Labels[1]} {series.Value}"));
    }
}
