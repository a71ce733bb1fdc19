using AkkaSocks.EndToEnd.Tests.Admin;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class NodesVerbTests
{
    [Fact]
    public async Task Nodes_are_listed_and_drained()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(new(0, "node n1 drains\n", ""), await RunAsync(node, "", "drain"));
        Assert.Equal(
            "NAME  ADDRESS         STATE              SESSIONS  CONFIG\n"
            + "n1    127.0.0.2:4053  up, draining       3         2 0123456789ab, needs a restart  (asked)\n"
            + "n2    127.0.0.3:4053  leaving, draining  12\n",
            (await RunAsync(node, "", "nodes")).Output);
        Assert.Equal(new(0, "{\"node\":\"n2\"}\n", ""), await RunAsync(node, "", "drain", "n2", "--json"));
        Assert.Equal(
            new(1, "", "akkasocks: there is no node n3; `akkasocks nodes` lists them\n"), await RunAsync(node, "", "drain", "n3"));
    }
}
