using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class NodeEndpointsTests
{
    private const string Figures = """
        {"version":"0.1.0","uptimeSeconds":61.5,"accepted":7,"clientToDestination":17,"destinationToClient":4300000000,
        "acceptedPerSecond":0.2,"clientToDestinationPerSecond":1,"destinationToClientPerSecond":2,"loopsBusy":[0.5,0.25],"processors":0.75,
        "memoryBytes":100000000,"drainingSeconds":null,"drainLeftSeconds":null,"config":{"epoch":2,"hash":"0123456789ab","needsRestart":true},"refusals":{"bad-credentials":2}}
        """;

    private static readonly string First =
        """{"name":"n1","address":"127.0.0.2:4053","state":"up","isSelf":true,"isDraining":false,"sessions":3,"figures":"""
        + Figures.ReplaceLineEndings("") + "}";

    [Fact]
    public async Task Every_node_is_listed_with_its_state_and_what_it_does()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(
            $$"""{"items":[{{First}},"""
            + """{"name":"n2","address":"127.0.0.3:4053","state":"leaving","isSelf":false,"isDraining":true,"sessions":12,"figures":null}]}""",
            (await node.GetAsync("/v1/nodes")).Body);
    }

    [Theory]
    [InlineData(AdminNode.Token, "true")]
    [InlineData(AdminNode.ReadToken, "false")]
    public async Task The_node_that_is_asked_tells_where_clients_come_in_and_what_the_token_may(string token, string mayWrite)
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(
            $$"""{"node":{{First}},"listeners":[{"name":"main","endpoint":"127.0.0.1:1080"}],"mayWrite":{{mayWrite}}}""",
            (await node.GetAsync("/v1/node", ("Authorization", $"Bearer {token}"))).Body);
    }

    [Fact]
    public async Task Totals_are_the_nodes_added_up_and_say_who_is_missing()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Nodes = node.Cluster.Nodes.Add(node.Cluster.Nodes[0] with { Name = "n3", IsSelf = false, Sessions = 5 });

        Assert.Equal(
            """
            {"nodes":3,"sessions":20,"users":1,"accepted":14,"clientToDestination":34,"destinationToClient":8600000000,"acceptedPerSecond":0.4,
            "clientToDestinationPerSecond":2,"destinationToClientPerSecond":4,"refusals":{"bad-credentials":4},"silent":["n2"]}
            """.ReplaceLineEndings(""),
            (await node.GetAsync("/v1/totals")).Body);
    }

    [Theory]
    [InlineData(null, "n1")]
    [InlineData("{}", "n1")]
    [InlineData("""{"node":"n2"}""", "n2")]
    public async Task A_drain_begins_and_is_accepted(string? body, string drained)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Nodes = [.. node.Cluster.Nodes.Select(it => it with { IsDraining = false })];

        var answer = await node.SendAsync("POST", "/v1/drain", body);

        Assert.Equal((202, $$"""{"node":"{{drained}}"}"""), (answer.Status, answer.Body));
        Assert.Equal(drained, Assert.Single(node.Cluster.Nodes, it => it.IsDraining).Name);
    }

    [Theory]
    [InlineData("""{"node":"n9"}""", 404, "unknown-node")]
    [InlineData("""{"node":7}""", 400, "bad-field")]
    [InlineData("""{"node":""}""", 400, "bad-field")]
    [InlineData("""{"nodes":"n1"}""", 400, "bad-field")]
    [InlineData("""["n1"]""", 400, "bad-body")]
    [InlineData("n1", 400, "bad-body")]
    public async Task Nothing_drains_by_a_mistake(string body, int status, string problem)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Nodes = [.. node.Cluster.Nodes.Select(it => it with { IsDraining = false })];

        var answer = await node.SendAsync("POST", "/v1/drain", body);

        Assert.Equal((status, problem), (answer.Status, answer.Problem));
        Assert.DoesNotContain(node.Cluster.Nodes, it => it.IsDraining);
    }
}
