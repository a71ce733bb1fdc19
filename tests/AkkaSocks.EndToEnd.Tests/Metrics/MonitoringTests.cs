using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary>What <c>docker/monitoring.yml</c> runs beside the nodes: Prometheus with these very files, and that what the files say of each
/// other fits together. The images themselves are not run by any test.</summary>
public sealed partial class MonitoringTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    [NeedsToolFact("prometheus")]
    public async Task Prometheus_evaluates_every_alert_over_the_figures_of_a_node_and_sees_the_one_that_is_due()
    {
        using var node = await FigureNode.StartAsync(("AKKASOCKS__LIMITS__MAX_SESSIONS", "1"));
        using var origin = Origin.Echo();
        using var session = await SocksClient.OpenAsync(node.Socks, origin.Endpoint);
        var folder = Directory.CreateTempSubdirectory("akkasocks-monitoring-");
        File.Copy(DockerFolder.PathOf("prometheus/alerts.yml"), Path.Combine(folder.FullName, "alerts.yml"));
        var file = Path.Combine(folder.FullName, "prometheus.yml");

        // As it is, and a node to read: there are no figures by OTLP, which the Prometheus of Debian 12 does not know.
        await File.WriteAllTextAsync(file, $$"""
            {{DockerFolder.Text("prometheus/prometheus.yml")}}
            scrape_configs: [ { job_name: akkasocks, scrape_interval: 1s, static_configs: [ { targets: ["{{node.Admin}}"] } ] } ]
            """);
        var port = FreePort();
        using var prometheus = Tool.Start(
            "prometheus", $"--config.file={file}", $"--storage.tsdb.path={folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}");
        try
        {
            _ = prometheus.StandardError.ReadToEndAsync();
            IReadOnlyList<JsonElement> rules = [];
            await Eventually.TrueAsync(
                async () => (rules = await RulesAsync(port)).Any(it => Name(it) == "AkkaSocksNearlyFull" && it.GetProperty("state").GetString() == "pending")
                    && rules.All(it => it.GetProperty("health").GetString() != "unknown"),
                "the node to be seen as nearly full, and every rule to be evaluated");

            Assert.Equal(AlertName().Count(DockerFolder.Text("prometheus/alerts.yml")), rules.Count);
            Assert.All(rules, rule => Assert.Equal(
                ("ok", ""), (rule.GetProperty("health").GetString(), rule.TryGetProperty("lastError", out var error) ? error.GetString() : "")));
            Assert.DoesNotContain(rules, it => it.GetProperty("state").GetString() == "firing");
        }
        finally
        {
            prometheus.Kill(entireProcessTree: true);
            await prometheus.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_file_that_is_mounted_is_there()
    {
        var mounts = Mount().Matches(DockerFolder.Text("monitoring.yml")).Select(it => it.Groups[1].Value).ToList();
        Assert.Equal(4, mounts.Count);
        Assert.All(mounts, it => Assert.True(Path.Exists(DockerFolder.PathOf(it)), it));
    }

    [Fact]
    public void What_the_files_say_of_each_other_fits_together()
    {
        var compose = DockerFolder.Text("monitoring.yml");
        var services = Service().Matches(compose[compose.IndexOf("services:", StringComparison.Ordinal)..]).Select(it => it.Groups[1].Value).ToHashSet();
        Assert.Superset(new HashSet<string> { "node1", "node2", "node", "prometheus", "grafana" }, services);

        // Nodes send to Prometheus, and Grafana asks it, at the port that it has unless told otherwise.
        Assert.Contains("AKKASOCKS__METRICS__OTLP__ENDPOINT: http://prometheus:9090/api/v1/otlp\n", compose);
        Assert.Contains("\"--web.enable-otlp-receiver\"", compose);
        Assert.Contains("url: http://prometheus:9090\n", DockerFolder.Text("grafana/provisioning/datasources/prometheus.yml"));

        // Prometheus finds its rules, and Grafana its dashboard, where they are mounted.
        Assert.Contains("\"--config.file=/etc/prometheus/prometheus.yml\"", compose);
        Assert.Contains(":/etc/prometheus/prometheus.yml:ro", compose);
        Assert.Contains(":/etc/prometheus/alerts.yml:ro", compose);
        Assert.Contains("rule_files: [alerts.yml]", DockerFolder.Text("prometheus/prometheus.yml"));
        Assert.Contains(":/etc/grafana/dashboards/dashboard.json:ro", compose);
        Assert.Contains("path: /etc/grafana/dashboards ", DockerFolder.Text("grafana/provisioning/dashboards/akkasocks.yml"));

        // What the nodes are told besides stays what compose.yml tells them.
        Assert.All(
            Setting().Matches(DockerFolder.Text("compose.yml")).Select(it => it.Value.Trim()), setting => Assert.Contains(setting, compose));
    }

    private static string? Name(JsonElement rule) => rule.GetProperty("name").GetString();

    private static async Task<IReadOnlyList<JsonElement>> RulesAsync(int port)
    {
        try
        {
            return
            [
                .. JsonDocument.Parse(await Http.GetStringAsync($"http://127.0.0.1:{port}/api/v1/rules")).RootElement
                    .GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(it => it.GetProperty("rules").EnumerateArray()),
            ];
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return [];
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"(?m)^ +- alert: ")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"(?m)^ +- \./([^:]+):")]
    private static partial Regex Mount();

    [GeneratedRegex(@"(?m)^  (\w+):")]
    private static partial Regex Service();

    [GeneratedRegex(@"(?m)^ +AKKASOCKS_\w+: .*$")]
    private static partial Regex Setting();
}
