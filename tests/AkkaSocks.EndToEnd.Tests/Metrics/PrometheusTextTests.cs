using AkkaSocks.Proxy.Telemetry.Figures;
using AkkaSocks.Server.Metrics;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("akkasocks.sessions.accepted", "Counter", "{session}", "akkasocks_sessions_accepted_total")]
    [InlineData("akkasocks.relay.bytes", "Counter", "By", "akkasocks_relay_bytes_total")]
    [InlineData("akkasocks.loop.longest-turn", "Gauge", "s", "akkasocks_loop_longest_turn_seconds")]
    [InlineData("process.resident-memory", "Gauge", "By", "process_resident_memory_bytes")]
    [InlineData("akkasocks.actors.handling", "Histogram", "s", "akkasocks_actors_handling_seconds")]
    public void A_name_says_the_unit_and_whether_it_only_grows(string name, string kind, string unit, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(new Metric(name, Enum.Parse<MetricKind>(kind), unit, "", [], () => [])));

    [Fact]
    public void A_counter_is_written_in_both_formats()
    {
        var metric = new Metric("a.b", MetricKind.Counter, "By", "All \"b\" of \\ a.", ["x", "y"], () => [new Series(["1", "q\"\\\n"], 1e18)]);
        Assert.Equal(
            """
            # HELP a_b_bytes_total All "b" of \\ a.
            # TYPE a_b_bytes_total counter
            a_b_bytes_total{x="1",y="q\"\\\n"} 1E+18

            """,
            PrometheusText.Write([metric], openMetrics: false));
        Assert.Equal(
            """
            # HELP a_b_bytes All \"b\" of \\ a.
            # TYPE a_b_bytes counter
            # UNIT a_b_bytes bytes
            a_b_bytes_total{x="1",y="q\"\\\n"} 1E+18
            # EOF

            """,
            PrometheusText.Write([metric], openMetrics: true));
    }

    [Fact]
    public void A_histogram_is_written_with_buckets_that_hold_all_below_them()
    {
        var distribution = new Distribution([0.001, 1], [3, 0, 2], 4.5);
        var metric = new Metric("a", MetricKind.Histogram, "s", "A.", ["p"], () => [new Series(["x"], 5) { Distribution = distribution }]);
        Assert.Equal(
            """
            # HELP a_seconds A.
            # TYPE a_seconds histogram
            a_seconds_bucket{p="x",le="0.001"} 3
            a_seconds_bucket{p="x",le="1"} 3
            a_seconds_bucket{p="x",le="+Inf"} 5
            a_seconds_sum{p="x"} 4.5
            a_seconds_count{p="x"} 5

            """,
            PrometheusText.Write([metric], openMetrics: false));
    }

    [Fact]
    public void A_metric_without_series_is_still_named() => Assert.Equal(
        "# HELP a A.\n# TYPE a gauge\n", PrometheusText.Write([new Metric("a", MetricKind.Gauge, "{b}", "A.", ["x"], () => [])], openMetrics: false));
}
