using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Proxy.Telemetry.Figures;
using AkkaSocks.Server.Metrics;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary>The Grafana dashboard and the alert rules ask for metrics and labels that there are, in words Prometheus understands.</summary>
public sealed partial class DashboardTests
{
    private const string Dashboard = "grafana/dashboard.json", Alerts = "prometheus/alerts.yml";

    // What Prometheus itself adds, and what a histogram's buckets have.
    private static readonly string[] LabelsOfAll = ["instance", "job", "le"];

    [Fact]
    public async Task Every_query_names_metrics_and_labels_that_there_are()
    {
        var known = (await DeclaredMetrics.AllAsync()).SelectMany(SamplesOf).ToDictionary(it => it.Name, it => it.Labels);
        string[] queries = [.. Queries(), .. AlertExpressions()];
        Assert.True(queries.Length > 25);
        Assert.All(queries, query =>
        {
            var names = MetricName().Matches(query).Select(it => it.Value).ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.Contains(name, known.Keys));
            var labels = names.SelectMany(name => known[name]).Concat(LabelsOfAll).ToHashSet();
            Assert.All(LabelsIn(query), label => Assert.Contains(label, labels));
        });
    }

    [NeedsToolFact("promtool")]
    public async Task Promtool_understands_every_query()
    {
        var rules = new StringBuilder("groups: [ { name: dashboard, rules: [\n");
        var number = 0;
        foreach (var query in Queries())
        {
            var plain = query.Replace("$__rate_interval", "1m").Replace("$instance", ".*");
            rules.Append($"  {{ record: 'query:{number++}', expr: {JsonSerializer.Serialize(plain)} }},\n");
        }

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, rules.Append("] } ]\n").ToString());
        var outcome = await Tool.RunAsync("promtool", "check", "rules", file);
        File.Delete(file);
        Assert.True(outcome.ExitCode == 0, outcome.Text + outcome.Errors);
    }

    [NeedsToolFact("promtool")]
    public async Task Promtool_understands_the_alert_rules()
    {
        var outcome = await Tool.RunAsync("promtool", "check", "rules", DockerFolder.PathOf(Alerts));
        Assert.True(outcome.ExitCode == 0, outcome.Text + outcome.Errors);
    }

    [NeedsToolFact("promtool")]
    public async Task Promtool_understands_what_Prometheus_is_run_with()
    {
        var outcome = await Tool.RunAsync("promtool", "check", "config", DockerFolder.PathOf("prometheus/prometheus.yml"));
        Assert.True(outcome.ExitCode == 0, outcome.Text + outcome.Errors);
    }

    /// <summary>Nodes of docker/monitoring.yml send their figures by OTLP, of whose names Prometheus makes its own: by the rules of
    /// its documentation ("UnderscoreEscapingWithSuffixes") these must be the ones that the dashboard asks for.</summary>
    [Fact]
    public async Task Names_that_go_out_by_OTLP_become_those_that_are_scraped()
    {
        var metrics = await DeclaredMetrics.AllAsync();
        Assert.All(metrics, metric =>
        {
            var words = metric.Name.Split('.', '-').ToList();
            var unit = metric.Unit switch { "s" => "seconds", "By" => "bytes", _ => null };
            Assert.True(unit is not null || metric.Unit is ['{', .., '}'], $"{metric.Name} is counted in {metric.Unit}");
            if (unit is not null && !words.Contains(unit))
                words.Add(unit);
            if (metric.Kind == MetricKind.Counter)
                words.Add("total");
            Assert.Equal(PrometheusText.NameOf(metric), string.Join('_', words));
        });
    }

    [Fact]
    public void Every_panel_says_what_it_shows()
    {
        var panels = JsonDocument.Parse(DockerFolder.Text(Dashboard)).RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.GetProperty("type").GetString() != "row").ToList();
        Assert.All(panels, panel => Assert.NotEqual("", panel.GetProperty("title").GetString()));
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
    }

    private static IEnumerable<string> Queries() => Find(JsonDocument.Parse(DockerFolder.Text(Dashboard)).RootElement, "expr");

    private static IEnumerable<string> AlertExpressions() =>
        AlertExpression().Matches(DockerFolder.Text(Alerts)).Select(it => it.Groups[1].Value);

    private static IEnumerable<string> Find(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(it =>
            it.Name == name && it.Value.ValueKind == JsonValueKind.String ? [it.Value.GetString()!] : Find(it.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(it => Find(it, name)),
        _ => [],
    };

    private static IEnumerable<(string Name, string[] Labels)> SamplesOf(Metric metric)
    {
        var name = PrometheusText.NameOf(metric);
        string[] suffixes = metric.Kind == MetricKind.Histogram ? ["_bucket", "_sum", "_count"] : [""];
        return suffixes.Select(suffix => (name + suffix, metric.Labels));
    }

    private static IEnumerable<string> LabelsIn(string query) =>
        Selector().Matches(query).SelectMany(it => MatcherLabel().Matches(it.Groups[1].Value)).Select(it => it.Groups[1].Value)
            .Concat(Grouping().Matches(query).SelectMany(it => it.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));

    [GeneratedRegex(@"\b(?:akkasocks|process|dotnet)_\w+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex MatcherLabel();

    [GeneratedRegex(@"\b(?:by|without|on)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?m)^\s*expr: (.*)$")]
    private static partial Regex AlertExpression();
}
