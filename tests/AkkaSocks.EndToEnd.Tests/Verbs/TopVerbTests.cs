using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Verbs;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class TopVerbTests
{
    [Fact]
    public async Task One_frame_shows_the_cluster_the_nodes_and_the_largest_sessions()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n1", "al ice", "192.0.2.1:1"));

        var outcome = await RunAsync(node, "", "top", "--once");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        var lines = outcome.Output.Split('\n');
        Assert.Matches(@"^AkkaSocks  \d\d:\d\d:\d\d  2 nodes · 1 session · 0\.[23] connections/s · 2 B/s down · 1 B/s up$", lines[0]);
        Assert.Equal(
            [
                "NODE  STATE              SESSIONS  CONN/S  DOWN/S  UP/S  CORES  MEMORY  LOOPS",
                "n1    up                 3         0.2     2 B     1 B   0.75   100 MB  ▅▃ 50 %",
                "n2    leaving, draining  12        -       -       -     -      -       -",
                "",
                "SESSION        USER       CLIENT       DESTINATION      NODE  DOWN    UP    AGE",
                "0000000000001  al\\x20ice  192.0.2.1:1  example.com:443  n1    4.3 GB  17 B  1m01s",
            ],
            lines[1..7]);
        Assert.StartsWith("{\"items\":[{\"name\":\"n1\",", (await RunAsync(node, "", "top", "--json")).Output);
    }

    [Fact]
    public async Task A_cluster_without_sessions_and_a_node_that_is_silent_are_told()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Silent = ["n2"];

        var frame = (await RunAsync(node, "", "top", "--once")).Output;

        Assert.Contains("without n2, silent", frame);
        Assert.Contains("Nobody is connected.", frame);
    }

    // script(1) gives it a terminal; what is typed reaches it as from a keyboard.
    [NeedsToolFact("script")]
    public async Task On_a_terminal_it_draws_anew_until_q_is_typed_and_leaves_the_screen_as_it_was()
    {
        await using var node = await AdminNode.StartAsync();
        using var terminal = Tool.Start("script", "-q", "-e", "-c",
            $"stty cols 120 rows 40; TERM=xterm AKKASOCKS_ADMIN_TOKEN={AdminNode.Token} dotnet {Path.Combine(AppContext.BaseDirectory, "akkasocks.dll")} top --admin {node.Url}",
            "/dev/null");
        var seen = "";
        var buffer = new char[4096];
        while (!seen.Contains("\e[?1049h") || !seen.Contains("127.0.0.2") && !seen.Contains("n1"))
            seen += new string(buffer, 0, await terminal.StandardOutput.ReadAsync(buffer.AsMemory()).AsTask().InTime());
        await terminal.StandardInput.WriteAsync("q");
        await terminal.StandardInput.FlushAsync();
        seen += await terminal.StandardOutput.ReadToEndAsync().InTime();
        await terminal.WaitForExitAsync().InTime();

        Assert.Equal(0, terminal.ExitCode);
        Assert.Contains("\e[?1049l", seen);
        Assert.Contains("╭", seen);
    }

    [Fact]
    public void Bars_go_with_the_load_of_each_loop()
    {
        var node = NodeDocument.Of(FakeCluster.Of("n1", [0, 0.5, 1]));

        var frame = new TopFrame(new NodeList([node]), new SessionPage([], null, 0, [])).Text(DateTimeOffset.UnixEpoch);

        Assert.Contains("▁▅█ 100 %", frame);
    }
}
