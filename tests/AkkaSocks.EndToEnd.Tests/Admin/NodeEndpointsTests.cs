using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class NodeEndpointsTests
{
    [Fact]
    public async Task Every_node_is_listed_with_its_state()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(
            """{"items":[{"name":"n1","address":"127.0.0.2:4053","state":"up","isSelf":true,"isDraining":false,"sessions":3},"""
            + """{"name":"n2","address":"127.0.0.3:4053","state":"leaving","isSelf":false,"isDraining":true,"sessions":12}]}""",
            (await node.GetAsync("/v1/nodes")).Body);
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
