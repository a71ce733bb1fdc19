using AkkaSocks.EndToEnd.Tests.Hosting;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class LogLevelVerbTests
{
    private const int SigHup = 1;

    [Fact]
    public async Task The_level_is_told_and_changed_while_the_node_runs_and_stays_so_through_other_reloads()
    {
        using var node = await ReloadedNode.StartAsync("akkasocks.log.level = error");
        Assert.Equal("error\n", (await node.RunAsync("log-level")).Output);
        node.Write("akkasocks.log.level = error\nakkasocks.limits.max-sessions = 7");
        Assert.Equal(0, (await node.RunAsync("reload")).ExitCode);

        Assert.Equal("info\n", (await node.RunAsync("log-level", "info")).Output);

        await node.LineAsync("log-level-changed");
        node.Write("akkasocks.log.level = error\nakkasocks.limits.max-sessions = 8");
        node.Signal(SigHup);
        await node.LineAsync("Configuration 3 (");
        Assert.DoesNotContain(node.Lines, line => line.Contains("Configuration 2 (", StringComparison.Ordinal));
        var wrong = await node.RunAsync("log-level", "loud");
        Assert.Equal((2, "akkasocks: level: expected debug, info, warning or error\n"), (wrong.ExitCode, wrong.Errors));
    }
}
