using System.Diagnostics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

/// <summary>Nodes that come, die and go, and what becomes of users and their counts.</summary>
public sealed class MembershipTests
{
    // Enough that every node owns some of them.
    private static readonly UserSettings[] Users = [.. Enumerable.Range(0, 24).Select(i => TestCluster.User($"user-{i}", 2))];

    [Fact]
    public async Task When_a_node_dies_no_login_fails_and_its_sessions_no_longer_count()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(Users));
        var (alive, doomed) = (cluster.Nodes[0], cluster.Nodes[2]);
        var clients = new List<SocksClient>();
        foreach (var user in Users)
        {
            clients.Add(await OpenAsync(alive, user.Name, origin));
            clients.Add(await OpenAsync(doomed, user.Name, origin));
        }

        foreach (var user in Users)
            await cluster.AgreeAsync(user.Name, 2);

        await cluster.KillAsync(2);
        var slowest = TimeSpan.Zero;
        foreach (var user in Users)
        {
            // Still 2 by all that is known: refused, but by a decision and not by a time-out.
            var watch = Stopwatch.StartNew();
            using var client = await cluster.Nodes[1].ConnectAsync();
            var reply = await client.LoginAsync(user.Name, "s3cret", origin.Endpoint);
            Assert.True(reply is ReplyCode.NotAllowed or ReplyCode.Succeeded, reply.ToString());
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        Assert.InRange(slowest.TotalSeconds, 0, 2);
        await cluster.UpAsync(2);
        foreach (var user in Users)
        {
            await cluster.AgreeAsync(user.Name, 1);
            clients.Add(await OpenAsync(cluster.Nodes[1], user.Name, origin));
            await cluster.AgreeAsync(user.Name, 2);
        }

        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_node_that_comes_later_knows_the_sessions_there_are_before_it_decides()
    {
        using var origin = Origin.Echo();
        var ports = TestCluster.FreePorts(3);
        await using var cluster = new TestCluster();
        await cluster.AddAsync(ports[0], ports, TestCluster.Settings(Users));
        await cluster.AddAsync(ports[1], ports, TestCluster.Settings(Users));
        await cluster.UpAsync(2);
        var clients = new List<SocksClient>();
        foreach (var user in Users)
        {
            clients.Add(await OpenAsync(cluster.Nodes[0], user.Name, origin));
            clients.Add(await OpenAsync(cluster.Nodes[1], user.Name, origin));
        }

        // Logins go on while it comes: whoever decides, none of them may be let in.
        using var over = new CancellationTokenSource();
        var logins = cluster.Nodes.Select(node => Task.Run(async () =>
        {
            var granted = 0;
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                using var client = await node.ConnectAsync();
                granted += await client.LoginAsync(Users[i % Users.Length].Name, "s3cret", origin.Endpoint) == ReplyCode.Succeeded ? 1 : 0;
            }

            return granted;
        })).ToList();
        await cluster.AddAsync(ports[2], ports, TestCluster.Settings(Users));
        await cluster.UpAsync(3);
        foreach (var user in Users)
        {
            using var client = await cluster.Nodes[2].ConnectAsync();
            Assert.Equal(ReplyCode.NotAllowed, await client.LoginAsync(user.Name, "s3cret", origin.Endpoint));
        }

        over.Cancel();
        Assert.All(await Task.WhenAll(logins), granted => Assert.Equal(0, granted));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task While_nodes_come_and_go_no_login_fails()
    {
        using var origin = Origin.Echo();
        var ports = TestCluster.FreePorts(5);
        var settings = TestCluster.Settings([.. Users.Select(user => user with { MaxSessions = 1000 })]);
        await using var cluster = new TestCluster();
        foreach (var port in ports[..2])
            await cluster.AddAsync(port, ports, settings);
        await cluster.UpAsync(2);
        using var over = new CancellationTokenSource();
        var logins = cluster.Nodes.Select(node => Task.Run(async () =>
        {
            var replies = new HashSet<ReplyCode>();
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                using var client = await node.ConnectAsync();
                replies.Add(await client.LoginAsync(Users[i % Users.Length].Name, "s3cret", origin.Endpoint));
            }

            return replies;
        })).ToList();
        foreach (var port in ports[2..])
        {
            await cluster.AddAsync(port, ports, settings);
            await cluster.UpAsync(3);
            await cluster.LeaveAsync(cluster.Nodes.Length - 1);
            await cluster.UpAsync(2);
        }

        await over.CancelAsync();
        Assert.All(await Task.WhenAll(logins), replies => Assert.Equal([ReplyCode.Succeeded], replies));
    }

    [Theory]
    [InlineData(IsolationPolicy.Local, ReplyCode.Succeeded)]
    [InlineData(IsolationPolicy.Deny, ReplyCode.GeneralFailure)]
    internal async Task A_node_alone_does_as_the_policy_says(IsolationPolicy policy, ReplyCode expected)
    {
        using var origin = Origin.Echo();
        var settings = TestCluster.Settings(TestCluster.User("alice", 1), TestCluster.User("bob"));
        await using var cluster = await TestCluster.StartAsync(2, settings with { Auth = settings.Auth with { OnIsolation = policy } });
        await cluster.KillAsync(1);
        await Eventually.TrueAsync(() => Nodes(cluster.Nodes[0]).Any(node => node.State != "up") || Nodes(cluster.Nodes[0]).Length == 1, "the loss to be noticed");

        using var limited = await cluster.Nodes[0].ConnectAsync();
        Assert.Equal(expected, await limited.LoginAsync("alice", "s3cret", origin.Endpoint));
        using var free = await cluster.Nodes[0].ConnectAsync();
        Assert.Equal(ReplyCode.Succeeded, await free.LoginAsync("bob", "s3cret", origin.Endpoint));
    }

    [Fact]
    public async Task Sessions_that_outlast_the_drain_do_not_hold_it_up()
    {
        using var origin = Origin.Echo();
        var settings = TestCluster.Settings(Users);
        await using var node = await TestNode.StartAsync(settings with { Cluster = settings.Cluster with { DrainTimeout = TimeSpan.FromMilliseconds(300) } });
        using var stubborn = await OpenAsync(node, "user-1", origin);
        node.Node.Drain.Begin(DrainCause.Operator);
        await node.Node.Drained.InTime();
        Assert.Equal(1, node.Node.LiveSessions.Count);
    }

    private static async Task<SocksClient> OpenAsync(TestNode node, string user, Origin origin)
    {
        var client = await node.ConnectAsync();
        Assert.Equal(ReplyCode.Succeeded, await client.LoginAsync(user, "s3cret", origin.Endpoint));
        return client;
    }

    private static AuthRegistry.NodeStatus[] Nodes(TestNode node) =>
        [.. node.AskAsync<AuthRegistry.Nodes>(new AuthRegistry.GetNodes()).Result.Items];
}
