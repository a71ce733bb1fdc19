using System.Net.Http.Headers;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>What three processes have looked into, seen through any of them.</summary>
[Collection(Alone.Name)]
public sealed class ExchangesTests
{
    private const int BodyLength = 300_000;

    // Bodies of more than twice the frame of 128,000 bytes.
    private const string Capture = """
        akkasocks {
          auth.methods = [none]
          mitm {
            enabled = on
            scope { include = ["127.0.0.0/8"], ports = ["1-65535"] }
            capture { level = bodies, body-limit = 1MiB }
          }
        }
        """;

    [NeedsToolFact("curl")]
    public async Task Exchanges_of_all_nodes_are_listed_watched_fetched_and_exported_from_any_and_a_node_that_is_gone_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-e2e-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "large"), new string('x', BodyLength));
        await using var origin = await HttpOrigin.StartAsync(folder: folder.FullName);
        using var cluster = await NodeCluster.StartAsync(3, Capture);
        var (asked, second, third) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ClusterNode.Token);
        using var told = new StreamReader(await http.GetStreamAsync($"{asked.Admin}/v1/exchanges/events?host=127.*&node=n3"));
        foreach (var node in cluster.Nodes)
            await CurlAsync(node, origin.Url("127.0.0.1", $"files/large?from={node.Name}"));

        await Eventually.TrueAsync(
            () => Nodes(asked).SequenceEqual(["n1", "n2", "n3"]), () => $"exchanges of three nodes: {asked.Ask("/v1/exchanges")}");
        Assert.Equal(["n2"], Nodes(third, "?node=n2"));
        var page = asked.Ask("/v1/exchanges?limit=2")!.Value;
        var rest = asked.Ask($"/v1/exchanges?limit=2&after={page.GetProperty("next").GetString()}")!.Value;
        Assert.Equal((2, 1), (page.GetProperty("items").GetArrayLength(), rest.GetProperty("items").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);

        // The first may have ended before anybody listened.
        var live = told.NextEventAsync();
        do
            await CurlAsync(third, origin.Url("127.0.0.1", "hello?live"));
        while (!live.IsCompleted);
        Assert.Contains("\"node\":\"n3\"", await live);

        var id = ClusterNode.Items(asked.Ask("/v1/exchanges?node=n2")!.Value).Single().GetProperty("id").GetString();
        Assert.Matches(@"^n2:\d+$", id);
        foreach (var node in cluster.Nodes)
        {
            var detail = node.Ask($"/v1/exchanges/{id}")!.Value;
            Assert.Equal(BodyLength, detail.GetProperty("responseBody").GetProperty("text").GetString()!.Length);
            Assert.EndsWith("from=n2", detail.GetProperty("summary").GetProperty("url").GetString());
        }

        var archive = JsonDocument.Parse(await second.RunAsync("", "har", "export")).RootElement;
        var entries = archive.GetProperty("log").GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["n1", "n2", "n3"], entries.Select(entry => entry.GetProperty("_node").GetString()).Distinct().Order());
        Assert.Equal(3, entries.Count(entry => entry.GetProperty("response").GetProperty("content").GetProperty("text").GetString()!.Length == BodyLength));

        await second.KillAsync();
        await Eventually.TrueAsync(
            () => asked.Ask("/v1/exchanges") is { } answer && answer.GetProperty("silent").EnumerateArray().Any(it => it.GetString() == "n2"),
            () => $"n2 to be named: {asked.Ask("/v1/exchanges")}");
        Assert.DoesNotContain("n2", Nodes(asked));
        var outcome = await AkkaSocksProcess.RunAsync(["har", "export", "--admin", asked.Admin], "", ("AKKASOCKS_ADMIN_TOKEN", ClusterNode.Token));
        Assert.Equal((0, "akkasocks: without n2, which did not answer"), (outcome.ExitCode, outcome.Errors.Trim()));
        Assert.Contains("without n2", JsonDocument.Parse(outcome.Output).RootElement.GetProperty("log").GetProperty("comment").GetString());
        folder.Delete(recursive: true);
    }

    private static IEnumerable<string?> Nodes(ClusterNode node, string query = "") => node.Ask($"/v1/exchanges{query}") is { } answer
        ? ClusterNode.Items(answer).Select(exchange => exchange.GetProperty("node").GetString()).Distinct().Order()
        : [];

    private static async Task CurlAsync(ClusterNode node, string url)
    {
        var outcome = await Tool.RunAsync("curl", ["-sS", "--max-time", "50", "-x", $"socks5h://{node.Endpoint}", "-o", "/dev/null", url]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
    }
}
