using System.Text.Json;
using Akka.Event;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Admin.Logs;
using AkkaSocks.Server.Verbs;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class LogVerbTests
{
    [Fact]
    public async Task The_last_lines_are_shown_and_nothing_in_them_steers_a_terminal()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Log =
        [
            LogEndpointsTests.Line("n1", 1, "a", LogLevel.InfoLevel),
            LogEndpointsTests.Line("n2", 1, "b\u001b[2J\r\n   at c\u202E"),
        ];
        node.Cluster.Silent = ["n3"];

        var shown = await RunAsync(node, "", "log", "--level", "warning", "-n", "5");

        Assert.Equal((0, "akkasocks: without n3, which did not answer\n"), (shown.ExitCode, shown.Errors));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:01\.000 n2 warning akka://akkasocks/user/a b\\u\{1b\}\[2J\n       at c\\u\{202e\}\n$", shown.Output);
        var json = JsonDocument.Parse((await RunAsync(node, "", "log", "--node", "n1", "--json")).Output).RootElement;
        Assert.Equal("a", Assert.Single(json.GetProperty("items").EnumerateArray()).GetProperty("text").GetString());
        Assert.Equal(2, (await RunAsync(node, "", "log", "--level", "loud")).ExitCode);
        Assert.Equal(1, (await RunAsync(node, "", "log", "--node", "n9")).ExitCode);
    }

    [Theory]
    [InlineData("""{"count":7,"node":"n2"}""", "(missing: 7 of n2)")]
    [InlineData("""{"count":7,"node":null}""", "(missing: 7)")]
    [InlineData("""{"silent":["n2","n3"]}""", "(without n2, n3, which did not answer)")]
    public void What_is_missing_from_a_stream_is_told(string json, string text) => Assert.Equal(text, LogVerb.LineOf(json));
}
