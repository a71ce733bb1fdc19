using Akka.Actor;
using Akka.Event;
using AkkaSocks.EndToEnd.Tests.Admin.Events;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin.Logs;

public sealed class LogEndpointsTests
{
    private static readonly NodeIncarnation Node = new("akka://n2", 1);

    internal static AuthRegistry.LoggedLine Line(string node, long number, string text, LogLevel level = LogLevel.WarningLevel) =>
        new(node, new LogLine(number, 1_000, level, "akka://akkasocks/user/a", text));

    [Fact]
    public async Task The_last_lines_of_any_node_are_listed_from_a_level_on()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Log = [Line("n1", 1, "a", LogLevel.InfoLevel), Line("n2", 1, "b\r\n\u001b[2J"), Line("n2", 2, "c", LogLevel.ErrorLevel)];
        node.Cluster.Silent = ["n3"];

        var page = (await node.GetAsync("/v1/log?level=warning&limit=2")).Json;
        var line = page.GetProperty("items")[0];
        Assert.Equal(
            ("n2", "warning", "akka://akkasocks/user/a", "b\r\n\u001b[2J", "1970-01-01T00:00:01+00:00"),
            (line.GetProperty("node").GetString(), line.GetProperty("level").GetString(), line.GetProperty("source").GetString(),
                line.GetProperty("text").GetString(), line.GetProperty("time").GetString()));
        Assert.Equal("n3", page.GetProperty("silent")[0].GetString());
        Assert.Equal(["a"], await TextsAsync("?node=n1"));
        Assert.Equal(["c"], await TextsAsync("?limit=1"));
        Assert.Equal(["a", "b\r\n\u001b[2J", "c"], await TextsAsync(""));

        async Task<IEnumerable<string?>> TextsAsync(string query) =>
            (await node.GetAsync($"/v1/log{query}")).Json.GetProperty("items").EnumerateArray().Select(it => it.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("/v1/log")]
    [InlineData("/v1/log/events")]
    public async Task It_takes_the_token_that_changes_things(string path)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.GetAsync(path, ("Authorization", $"Bearer {AdminNode.ReadToken}"));

        Assert.Equal((403, "not-for-readers"), (answer.Status, answer.Problem));
    }

    [Theory]
    [InlineData("/v1/log?limit=0", "bad-parameter")]
    [InlineData("/v1/log?limit=501", "bad-parameter")]
    [InlineData("/v1/log?level=loud", "bad-parameter")]
    [InlineData("/v1/log/events?level=", "bad-parameter")]
    [InlineData("/v1/log/events?limit=1", "bad-parameter")]
    [InlineData("/v1/log?node=a%20b", "bad-parameter")]
    [InlineData("/v1/log/events?node=n9", "unknown-node")]
    public async Task A_query_that_means_nothing_is_refused(string path, string problem)
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(problem, (await node.GetAsync(path)).Problem);
    }

    [Fact]
    public async Task Lines_come_as_they_are_written_those_of_the_node_and_the_level_that_are_asked_for()
    {
        await using var node = await AdminNode.StartAsync();
        using var events = await EventReading.OpenAsync(node, "/v1/log/events?node=n2&level=warning");
        Assert.Equal("text/event-stream", events.ContentType);

        Tell(node, "n1", 0, Line("n1", 1, "of another node"));
        Tell(node, "n2", 7, Line("n2", 8, "not grave", LogLevel.InfoLevel), Line("n2", 9, "a\r\n\r\ndata: {}"));

        var (name, lost) = await events.NextAsync();
        Assert.Equal(("lost", 7, "n2"), (name, lost.GetProperty("count").GetInt32(), lost.GetProperty("node").GetString()));
        (name, var line) = await events.NextAsync();
        Assert.Equal(("line", 9, "a\r\n\r\ndata: {}"), (name, line.GetProperty("number").GetInt32(), line.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Of_a_slow_reader_the_oldest_go_and_it_is_told_how_many()
    {
        const int Count = 20_000;
        await using var node = await AdminNode.StartAsync();
        using var slow = await EventReading.OpenAsync(node, "/v1/log/events?node=n2", receiveBuffer: 4096);
        using var quick = await EventReading.OpenAsync(node, "/v1/log/events?node=n1");

        for (var i = 1; i <= Count; i++)
            Tell(node, "n2", 0, Line("n2", i, new string('x', 1000)));
        Tell(node, "n1", 0, Line("n1", 1, "the last"));

        // Nobody has read a byte of the slow one yet.
        Assert.Equal("the last", (await quick.NextAsync()).Document.GetProperty("text").GetString());
        var (seen, lost) = await slow.CountAsync(Count);
        Assert.Equal(Count, seen + lost);
        Assert.InRange(seen, 1, Count / 2);
    }

    [Fact]
    public async Task There_is_an_end_to_readers()
    {
        await using var node = await AdminNode.StartAsync();
        var readers = new List<EventReading>();
        for (var i = 0; i < 8; i++)
            readers.Add(await EventReading.OpenAsync(node, "/v1/log/events"));

        Assert.Equal("too-many-readers", (await node.GetAsync("/v1/log/events")).Problem);
        readers.ForEach(reader => reader.Dispose());
    }

    private static void Tell(AdminNode node, string name, long lost, params AuthRegistry.LoggedLine[] lines) =>
        node.LogFeed.Tell(new NodeLog(Node, name, lost, [.. lines.Select(it => it.Line)]));
}
