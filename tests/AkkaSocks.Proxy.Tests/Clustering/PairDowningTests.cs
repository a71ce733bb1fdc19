using Akka.Cluster;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class PairDowningTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_two_nodes_the_one_that_is_left_serves_on_whichever_dies(int dying)
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice", 2)));
        var survivor = cluster.Nodes[1 - dying];
        using var lost = await cluster.Nodes[dying].ConnectAsync();
        using var kept = await survivor.ConnectAsync();
        await lost.LoginAsync("alice", "s3cret", origin.Endpoint);
        await kept.LoginAsync("alice", "s3cret", origin.Endpoint);
        await cluster.AgreeAsync("alice", 2);

        await cluster.KillAsync(dying);
        await cluster.UpAsync(1);
        await cluster.AgreeAsync("alice", 1);

        using var next = await survivor.ConnectAsync();
        Assert.Equal(ReplyCode.Succeeded, await next.LoginAsync("alice", "s3cret", origin.Endpoint));
        Assert.False(survivor.Node.Drain.HasBegun);
        Assert.Equal(MemberStatus.Up, Cluster.Get(survivor.System).SelfMember.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_node_that_is_started_again_joins_the_one_that_was_left(int dying)
    {
        await using var cluster = new TestCluster();
        var ports = TestCluster.FreePorts(2);
        foreach (var port in ports)
            await cluster.AddAsync(port, ports, TestCluster.Settings(TestCluster.User("alice")));
        await cluster.UpAsync(2);

        await cluster.KillAsync(dying);
        await cluster.UpAsync(1);
        await cluster.AddAsync(ports[dying], ports, TestCluster.Settings(TestCluster.User("alice")));
        await cluster.UpAsync(2);
        Assert.False(cluster.Nodes[1 - dying].Node.Drain.HasBegun);
    }

    [Fact]
    public async Task Of_three_nodes_that_lose_two_the_last_one_drains()
    {
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(TestCluster.User("alice")));
        await Task.WhenAll(cluster.KillAsync(1), cluster.KillAsync(2));
        Assert.Equal(DrainCause.Downed, await cluster.Nodes[0].Node.Drained.InTime());
    }
}
