using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class HealthEndpointsTests
{
    [Fact]
    public async Task A_node_whose_actors_answer_is_alive_and_ready()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal("""{"status":"ok","reasons":[],"warnings":[]}""", (await node.GetAsync("/healthz")).Body);
        Assert.Equal("""{"status":"ready","reasons":[],"warnings":[]}""", (await node.GetAsync("/readyz")).Body);
    }

    [Fact]
    public async Task A_node_that_drains_is_alive_and_not_ready()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Nodes = [node.Cluster.Nodes[0] with { State = "leaving", IsDraining = true }];

        var answer = await node.GetAsync("/readyz");

        Assert.Equal(503, answer.Status);
        Assert.Equal("""{"status":"not-ready","reasons":["this node is leaving, not up","this node drains"],"warnings":[]}""", answer.Body);
        Assert.Equal(200, (await node.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task A_node_that_is_no_member_is_not_ready()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Nodes = [node.Cluster.Nodes[1]];

        Assert.Equal(
            """{"status":"not-ready","reasons":["this node is no member of the cluster"],"warnings":[]}""", (await node.GetAsync("/readyz")).Body);
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_a_problem_for_all_but_liveness()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.IsSilent = true;

        var (nodes, ready) = (node.GetAsync("/v1/nodes"), node.GetAsync("/readyz"));

        Assert.Equal((503, "no-answer"), ((await nodes).Status, (await nodes).Problem));
        Assert.Equal("""{"status":"not-ready","reasons":["its actors do not answer"],"warnings":[]}""", (await ready).Body);
    }
}
