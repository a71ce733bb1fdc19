using System.Text;
using AkkaSocks.Proxy.Telemetry.Figures;
using AkkaSocks.Server.Metrics;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary>The list of metrics for people is written by the code that declares them.</summary>
public sealed class MetricsDocumentTests
{
    private const string WriteVariable = "AKKASOCKS_WRITE_METRICS";

    [Fact]
    public async Task The_document_lists_what_the_code_declares()
    {
        var file = DockerFolder.PathOf("METRICS.md");
        var text = TextOf(await DeclaredMetrics.AllAsync());
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            await File.WriteAllTextAsync(file, text);

        Assert.True(text == await File.ReadAllTextAsync(file), $"docker/METRICS.md is not what the code declares; {WriteVariable}=1 writes it.");
    }

    [Fact]
    public async Task Every_metric_is_explained_in_a_sentence_and_named_once()
    {
        var metrics = await DeclaredMetrics.AllAsync();
        Assert.All(metrics, it => Assert.Matches(@"^[A-Zl1].*\.$", it.Help));
        Assert.Equal(metrics.Count, metrics.Select(PrometheusText.NameOf).Distinct().Count());
    }

    private static string TextOf(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder("""
            # Metrics

            What a node tells at `/metrics` of its admin port, in Prometheus' text format or OpenMetrics. By OTLP (`metrics.otlp`) the same
            go out under the names in brackets. Labels come from closed sets; only `metrics.per-user` adds names of users.
            Written by the code: `AKKASOCKS_WRITE_METRICS=1 dotnet test tests/AkkaSocks.EndToEnd.Tests --filter MetricsDocumentTests`.

            | metric | kind | labels | meaning |
            |---|---|---|---|

            """);
        foreach (var metric in metrics)
        {
            var labels = string.Join(", ", metric.Labels.Select(label => $"`{label}`"));
            text.Append($"| `{PrometheusText.NameOf(metric)}` (`{metric.Name}`) | {metric.Kind.ToString().ToLowerInvariant()} | {labels} | {metric.Help} |\n");
        }

        return text.ToString();
    }
}
