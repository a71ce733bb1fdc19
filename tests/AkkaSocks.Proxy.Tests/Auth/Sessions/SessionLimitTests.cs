using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

/// <summary>Session limits over several nodes, with real clients.</summary>
public sealed class SessionLimitTests
{
    private const int Limit = 20;

    [Fact]
    public async Task Of_300_clients_at_once_on_three_nodes_exactly_as_many_as_the_limit_are_let_in()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(TestCluster.User("alice", Limit), TestCluster.User("bob")));
        await MeetAsync(cluster, origin);
        for (var round = 0; round < 5; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => SocksClient.ConnectAsync(cluster.Nodes[i % 3].Endpoint)));
            var replies = await Task.WhenAll(clients.Select(client => client.LoginAsync("alice", "s3cret", origin.Endpoint)));

            Assert.Equal(Limit, replies.Count(reply => reply == ReplyCode.Succeeded));
            Assert.Equal(300 - Limit, replies.Count(reply => reply == ReplyCode.NotAllowed));
            await cluster.AgreeAsync("alice", Limit);
            foreach (var client in clients)
                client.Dispose();
            await cluster.AgreeAsync("alice", 0);
        }
    }

    [Fact]
    public async Task However_sessions_come_and_go_there_are_never_more_than_the_limit()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(TestCluster.User("alice", Limit), TestCluster.User("bob")));
        await MeetAsync(cluster, origin);
        int alive = 0, most = 0, granted = 0;

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            for (var turn = 0; turn < 25; turn++)
            {
                using var client = await SocksClient.ConnectAsync(cluster.Nodes[(i + turn) % 3].Endpoint);
                if (await client.LoginAsync("alice", "s3cret", origin.Endpoint) != ReplyCode.Succeeded)
                    continue;
                Interlocked.Increment(ref granted);
                var now = Interlocked.Increment(ref alive);
                InterlockedMax(ref most, now);
                await client.SendAsync(1);
                await client.ReceiveAsync(1);

                // Over for the test before it is over for the proxy: the test never counts more than there are.
                Interlocked.Decrement(ref alive);
            }
        }));

        Assert.InRange(most, 1, Limit);
        Assert.InRange(granted, Limit, 60 * 25);
        await cluster.AgreeAsync("alice", 0);
    }

    [Fact]
    public async Task A_user_without_a_limit_is_counted_on_all_nodes_too()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("bob")));
        using var first = await SocksClient.ConnectAsync(cluster.Nodes[0].Endpoint);
        using (var second = await SocksClient.ConnectAsync(cluster.Nodes[1].Endpoint))
        {
            await first.LoginAsync("bob", "s3cret", origin.Endpoint);
            await second.LoginAsync("bob", "s3cret", origin.Endpoint);
            await cluster.AgreeAsync("bob", 2);
        }

        await cluster.AgreeAsync("bob", 1);
    }

    [Fact]
    public async Task A_client_over_the_limit_has_logged_in_and_is_refused_at_its_request()
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(TestCluster.Settings(TestCluster.User("alice", 1)));
        using var first = await node.ConnectAsync();
        Assert.Equal(ReplyCode.Succeeded, await first.LoginAsync("alice", "s3cret", origin.Endpoint));

        using (var second = await node.ConnectAsync())
        {
            Assert.Equal(ReplyCode.NotAllowed, await second.LoginAsync("alice", "s3cret", origin.Endpoint));
            Assert.Empty(await second.ReceiveToEndAsync());
        }

        first.Dispose();
        await node.QuietAsync();
        var refused = (await node.StopAndReadLogAsync())[0];
        Assert.Equal(("refused", "too-many-sessions-of-user"), (refused.GetProperty("end").GetString(), refused.GetProperty("refusal").GetString()));
    }

    // Sessions on all nodes that all nodes count: then each has heard of all others.
    private static async Task MeetAsync(TestCluster cluster, Origin origin)
    {
        var clients = await Task.WhenAll(cluster.Nodes.Select(node => SocksClient.ConnectAsync(node.Endpoint)));
        await Task.WhenAll(clients.Select(client => client.LoginAsync("bob", "s3cret", origin.Endpoint)));
        await cluster.AgreeAsync("bob", clients.Length);
        foreach (var client in clients)
            client.Dispose();
        await cluster.AgreeAsync("bob", 0);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); now > known;)
            known = Interlocked.CompareExchange(ref most, now, known) is var seen && seen == known ? now : seen;
    }
}
