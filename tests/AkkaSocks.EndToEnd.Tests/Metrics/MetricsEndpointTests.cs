using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary><c>/metrics</c> of the whole executable, read by Prometheus' own programs.</summary>
public sealed class MetricsEndpointTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    [NeedsToolFact("curl", "promtool")]
    public async Task Promtool_has_nothing_to_object_and_the_figures_are_the_truth()
    {
        using var node = await FigureNode.StartAsync();
        await using var origin = await HttpOrigin.StartAsync();
        for (var i = 0; i < 70; i++)
            Assert.Equal(0, (await Tool.RunAsync("curl", "-s", "-x", $"socks5h://{node.Socks}", origin.Url("127.0.0.1"))).ExitCode);
        await Eventually.TrueAsync(async () => Value(await node.ScrapeAsync(), "akkasocks_sessions_open") == 0, "the sessions to end");

        var text = await node.ScrapeAsync();

        Assert.Equal(70, Value(text, "akkasocks_sessions_accepted_total"));
        Assert.Equal(70, Value(text, "akkasocks_sessions_ended_total{end=\"completed\"}"));
        Assert.Equal(70, Value(text, "akkasocks_actors_stopped_total{actor=\"session\"}"));
        Assert.Equal(0, Value(text, "akkasocks_actors{actor=\"session\"}"));
        Assert.Equal(0, Value(text, "akkasocks_actors_failures_total{actor=\"session\"}"));
        Assert.Equal(70, Value(text, "akkasocks_sessions_phase_duration_seconds_count{phase=\"connecting\"}"));
        Assert.True(Value(text, "process_open_fds") > 10);
        var checkedBy = await Tool.RunAsync("promtool", ["check", "metrics"], Encoding.UTF8.GetBytes(text));
        Assert.Equal((0, "", ""), (checkedBy.ExitCode, checkedBy.Text, checkedBy.Errors));
    }

    [NeedsToolFact("curl")]
    public async Task Requests_bans_and_the_configuration_have_figures()
    {
        using var node = await FigureNode.StartAsync(("AKKASOCKS__LISTENERS__MAIN__PROTOCOLS", "[socks5, http]"));
        await using var origin = await HttpOrigin.StartAsync();
        Assert.Equal(0, (await Tool.RunAsync("curl", "-s", "-x", $"http://{node.Socks}", origin.Url("127.0.0.1"))).ExitCode);
        var ban = await AkkaSocksProcess.RunAsync(
            ["bans", "add", "--address", "192.0.2.1", "--admin", $"http://{node.Admin}"], "", ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token));
        Assert.Equal((0, ""), (ban.ExitCode, ban.Errors));

        await Eventually.TrueAsync(async () => Value(await node.ScrapeAsync(), "akkasocks_http_requests_total{status=\"2xx\"}") == 1, "the request to be counted");

        var text = await node.ScrapeAsync();
        Assert.Equal(1, Value(text, "akkasocks_bans{cause=\"operator\"}"));
        Assert.Equal(1, Value(text, "akkasocks_config_epoch"));
        Assert.Equal(0, Value(text, "akkasocks_config_waiting"));
        Assert.Equal(0, Value(text, "akkasocks_tls_pending"));
    }

    [NeedsToolFact("prometheus")]
    public async Task A_real_Prometheus_reads_it_in_the_format_it_likes_best()
    {
        using var node = await FigureNode.StartAsync();
        var folder = Directory.CreateTempSubdirectory("akkasocks-prometheus-");
        var file = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(file, $$"""
            global: { scrape_interval: 1s }
            scrape_configs: [ { job_name: akkasocks, static_configs: [ { targets: ["{{node.Admin}}"] } ] } ]
            """);
        var port = FreePort();
        using var prometheus = Tool.Start(
            "prometheus", $"--config.file={file}", $"--storage.tsdb.path={folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}");
        try
        {
            _ = prometheus.StandardError.ReadToEndAsync();
            var query = $"http://127.0.0.1:{port}/api/v1/query?query=";
            await Eventually.TrueAsync(async () => await AskAsync($"{query}up") == 1, "Prometheus to have read it");
            Assert.Equal(1, await AskAsync($"{query}akkasocks_node_up"));
            Assert.Equal(0, await AskAsync($"{query}akkasocks_sessions_open"));
            Assert.Equal(1, await AskAsync($"{query}akkasocks_actors{{actor=\"auth-registry\"}}"));
        }
        finally
        {
            prometheus.Kill(entireProcessTree: true);
            await prometheus.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Who_asks_for_OpenMetrics_gets_it()
    {
        using var node = await FigureNode.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{node.Admin}/metrics");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        using var answer = await Http.SendAsync(request);

        Assert.Equal("application/openmetrics-text", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("\n# EOF\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open", "", HttpStatusCode.OK)]
    [InlineData("token", "", HttpStatusCode.Unauthorized)]
    [InlineData("token", AdminNode.Token, HttpStatusCode.OK)]
    [InlineData("off", AdminNode.Token, HttpStatusCode.NotFound)]
    public async Task The_configuration_says_who_may_read_it(string access, string token, HttpStatusCode expected)
    {
        using var node = await FigureNode.StartAsync(("AKKASOCKS__METRICS__PROMETHEUS", access));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{node.Admin}/metrics");
        if (token.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        Assert.Equal(expected, (await Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Bytes_of_a_transfer_that_goes_on_are_counted()
    {
        using var node = await FigureNode.StartAsync();
        using var origin = new TcpListener(IPAddress.Loopback, 0);
        origin.Start();
        using var client = await SocksClient.OpenAsync(node.Socks, (IPEndPoint)origin.LocalEndpoint);
        using var accepted = await origin.AcceptSocketAsync();
        await client.Socket.SendAsync(new byte[123_457]);
        var buffer = new byte[200_000];
        for (var got = 0; got < 123_457;)
            got += await accepted.ReceiveAsync(buffer);

        Assert.Equal(123_457, Value(await node.ScrapeAsync(), "akkasocks_relay_bytes_total{direction=\"client-to-destination\"}"));
        Assert.Equal(1, Value(await node.ScrapeAsync(), "akkasocks_sessions{protocol=\"socks5\",command=\"connect\",phase=\"relaying\"}"));
    }

    [Fact]
    public async Task The_verb_actors_shows_types_and_tree()
    {
        using var node = await FigureNode.StartAsync();
        var token = ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token);
        string[] where = ["--admin", $"http://{node.Admin}"];

        var text = await AkkaSocksProcess.RunAsync(["actors", .. where], "", token);
        var json = await AkkaSocksProcess.RunAsync(["actors", "--depth", "2", "--top", "1", "--json", .. where], "", token);

        Assert.Equal((0, ""), (text.ExitCode, text.Errors));
        Assert.Matches(@"(?m)^auth-registry +1 ", text.Output);
        Assert.Matches(@"(?m)^  auth +AuthRegistry ", text.Output);
        var tree = JsonDocument.Parse(json.Output).RootElement;
        Assert.True(tree.GetProperty("isCut").GetBoolean());
        Assert.Equal("/user", tree.GetProperty("items")[0].GetProperty("path").GetString());
        Assert.Equal(1, tree.GetProperty("items")[0].GetProperty("items").GetArrayLength());
        Assert.Equal(2, (await AkkaSocksProcess.RunAsync(["actors", "--depth", "0", .. where], "", token)).ExitCode);
    }

    private static double Value(string text, string series) =>
        double.Parse(Regex.Match(text, $"(?m)^{Regex.Escape(series)} (.*)$").Groups[1].Value, CultureInfo.InvariantCulture);

    private static async Task<double?> AskAsync(string query)
    {
        try
        {
            var result = JsonDocument.Parse(await Http.GetStringAsync(query)).RootElement.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 1
                ? double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
                : null;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return null;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
