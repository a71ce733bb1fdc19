using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class HealthcheckVerbTests
{
    [Fact]
    public async Task The_exit_code_is_the_answer_and_no_token_is_needed()
    {
        await using var node = await AdminNode.StartAsync(token: null);
        node.Cluster.Nodes = [node.Cluster.Nodes[0] with { IsDraining = true }];

        Assert.Equal(new(0, "ok\n", ""), await AkkaSocksProcess.RunAsync(["healthcheck", "--admin", node.Url]));
        Assert.Equal(
            new(1, "not-ready: this node drains\n", ""), await AkkaSocksProcess.RunAsync(["healthcheck", "--ready", "--admin", node.Url]));
        Assert.Equal(
            new(0, "ok\n", ""),
            await AkkaSocksProcess.RunAsync(["healthcheck", "--admin", node.Url], "", ("AKKASOCKS_ADMIN_TOKEN_FILE", "/nowhere")));
    }
}
