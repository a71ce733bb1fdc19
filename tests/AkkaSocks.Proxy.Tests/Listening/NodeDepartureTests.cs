using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Listening;

/// <summary>How a node leaves: not ready, then closed, then gone.</summary>
public sealed class NodeDepartureTests
{
    private static readonly byte[] Word = [7, 8, 9];

    [Fact]
    public async Task Before_it_closes_a_draining_node_takes_new_sessions_and_then_nobody_gets_in()
    {
        await using var node = await StartAsync(preStop: TimeSpan.FromHours(1), drain: TimeSpan.FromHours(1));
        using var origin = Origin.Echo();
        using var early = await node.OpenAsync(origin.Endpoint);
        node.Node.Drain.Begin(DrainCause.Operator);
        await Eventually.TrueAsync(() => node.Node.Drain.Left is not null, "the deadline to be known");

        // Whoever sends it clients has not noticed yet.
        using var late = await node.OpenAsync(origin.Endpoint);
        using var slow = await node.ConnectAsync();
        Assert.InRange(node.Node.Drain.Left!.Value, TimeSpan.FromMinutes(90), TimeSpan.FromHours(2));
        Assert.Empty(node.Node.Health.Obstacles);
        await Eventually.TrueAsync(() => node.Node.LiveSessions.Count == 3, "the slow one to be accepted");

        node.Node.Drain.Close();
        await Eventually.TrueAsync(() => node.Node.Health.Obstacles.Contains("nothing listens"), "the listeners to be closed");
        await Assert.ThrowsAsync<SocketException>(node.ConnectAsync);
        await slow.SendAsync(5, 1, 0);
        await slow.ExpectAsync(5, 0);
        await slow.SendAsync(SocksClient.RequestFor(origin.Endpoint));
        Assert.Equal(ReplyCode.GeneralFailure, (await slow.ReceiveReplyAsync()).Code);
        await EchoesAsync(early);
        await EchoesAsync(late);
        Assert.False(node.Node.Drained.IsCompleted);

        early.Dispose();
        late.Dispose();
        slow.Dispose();
        Assert.Equal(DrainCause.Operator, await node.Node.Drained.InTime());
    }

    [Fact]
    public async Task The_delay_passes_by_itself()
    {
        await using var node = await StartAsync(preStop: TimeSpan.FromMilliseconds(50), drain: TimeSpan.FromHours(1));

        node.Node.Drain.Begin(DrainCause.Operator);

        Assert.Equal(DrainCause.Operator, await node.Node.Drained.InTime());
        await Assert.ThrowsAsync<SocketException>(node.ConnectAsync);
    }

    [Fact]
    public async Task A_node_that_has_lost_its_cluster_takes_nobody_from_then_on()
    {
        await using var node = await StartAsync(preStop: TimeSpan.FromHours(1), drain: TimeSpan.FromHours(1));

        node.Node.Drain.Begin(DrainCause.Downed);

        Assert.True(node.Node.Drain.IsClosed);
        Assert.Equal(DrainCause.Downed, await node.Node.Drained.InTime());
        await Assert.ThrowsAsync<SocketException>(node.ConnectAsync);
    }

    private static Task<TestNode> StartAsync(TimeSpan preStop, TimeSpan drain)
    {
        var settings = TestSettings.Default;
        return TestNode.StartAsync(settings with { Cluster = settings.Cluster with { PreStopDelay = preStop, DrainTimeout = drain } });
    }

    private static async Task EchoesAsync(SocksClient client)
    {
        await client.SendAsync(Word);
        await client.ExpectAsync(Word);
    }
}
