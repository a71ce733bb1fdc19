using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>What three processes write into their logs, read through any of them.</summary>
[Collection(Alone.Name)]
public sealed class ProcessLogTests
{
    private const string WrongPassword = "no-such-password-4711", Change = "log-level-changed";

    [Fact]
    public async Task The_log_of_any_node_is_read_from_any_as_it_is_written_and_holds_no_secret()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(3);
        var (asked, told) = (cluster.Nodes[0], cluster.Nodes[1]);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ClusterNode.Token);
        using var live = new StreamReader(await http.GetStreamAsync($"{asked.Admin}/v1/log/events?node=n2&level=info"));

        // The first line may be written before the other node has heard that there is a reader; other lines may come before it.
        var change = ChangeAsync(live);
        do
            await SetLevelAsync("debug");
        while (!change.IsCompleted);
        Assert.Contains("\"node\":\"n2\"", await change);

        // At the level at which most is said.
        await cluster.AddUserAsync(User.Name);
        using (var client = await told.ConnectAsync())
        {
            await client.SendAsync(SocksClient.GreetingWithPassword);
            await client.ExpectAsync([5, 2]);
            await client.SendAsync(SocksClient.Credentials(User.Name, WrongPassword));
            await client.ExpectAsync([1, 1]);
        }

        var (session, reply) = await told.OpenAsync(origin.Endpoint);
        using (session)
        {
            Assert.Equal(0, reply);
            await session.SendAsync("the-payload-of-a-client"u8.ToArray());
            await session.Socket.DiscardAsync("the-payload-of-a-client".Length).InTime();
        }

        await SetLevelAsync("info");
        foreach (var node in cluster.Nodes)
        {
            await Eventually.TrueAsync(
                () => Texts(node, "?node=n2&limit=500").LastOrDefault(text => text.Contains(Change, StringComparison.Ordinal))
                    ?.Contains("\"info\"", StringComparison.Ordinal) == true,
                () => $"{node.Name} to show the last change: {node.Ask("/v1/log?node=n2")}");
            var whole = node.Ask("/v1/log?limit=500")!.Value.GetRawText();
            foreach (var secret in (string[])[User.Password, WrongPassword, ClusterNode.Token, "the-payload-of-a-client", "$argon2id$"])
                Assert.DoesNotContain(secret, whole);
        }

        var shown = await cluster.Nodes[2].RunAsync("", "log", "--node", "n2", "-n", "500");
        Assert.Contains(" n2 info ", shown);
        Assert.DoesNotContain(" n1 info ", shown);

        async Task SetLevelAsync(string level)
        {
            using var answer = await http.PutAsJsonAsync($"{told.Admin}/v1/log-level", new { level });
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<string> ChangeAsync(StreamReader live)
    {
        string line;
        do
            line = await live.NextEventAsync() ?? throw new EndOfStreamException();
        while (!line.Contains(Change, StringComparison.Ordinal));
        return line;
    }

    private static IEnumerable<string> Texts(ClusterNode node, string query) =>
        ClusterNode.Items(node.Ask($"/v1/log{query}") ?? JsonDocument.Parse("""{"items":[]}""").RootElement)
            .Select(line => line.GetProperty("text").GetString()!);
}
