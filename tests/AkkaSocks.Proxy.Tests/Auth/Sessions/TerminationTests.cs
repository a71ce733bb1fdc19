using System.Diagnostics;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

/// <summary>Sessions that others end: seen and killed from any node, and over when their user is.</summary>
public sealed class TerminationTests
{
    private static readonly UserName Alice = UserName.FromText("alice");

    public enum Change
    {
        Remove,
        Disable,
        OtherPassword,
        Expire,
    }

    [Theory]
    [InlineData(Engine.EpollTunnel)]
    [InlineData(Engine.EpollFlow)]
    [InlineData(Engine.SocketsFlow)]
    public async Task A_session_that_is_killed_resets_its_client_and_its_destination_within_100_ms(Engine engine)
    {
        using var origin = new Origin();
        await using var node = await TestNode.StartAsync(TestCluster.Settings(TestCluster.User("alice")).Over(engine));
        using var client = await node.ConnectAsync();
        await client.LoginAsync("alice", "s3cret", origin.Endpoint);
        using var destination = new SocksClient(await origin.AcceptAsync());
        var session = Assert.Single((await node.AskAsync<AuthRegistry.SessionPage>(All)).Items);

        var watch = Stopwatch.StartNew();
        var killed = await node.AskAsync<AuthRegistry.SessionsTerminated>(new AuthRegistry.TerminateSessions(session.Id, TerminationReason.Operator));
        await Task.WhenAll(client.ExpectResetAsync(), destination.ExpectResetAsync());

        Assert.InRange(watch.ElapsedMilliseconds, 0, 100);
        Assert.Equal(1, killed.Count);
        await node.QuietAsync();
        Assert.Equal(0, node.Node.LiveSessions.Count);
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal(("killed", "operator"), (line.GetProperty("end").GetString(), line.GetProperty("termination").GetString()));
    }

    [Fact]
    public async Task A_session_is_killed_whatever_it_waits_for()
    {
        using var origin = new Origin();
        await using var node = await TestNode.StartAsync(TestCluster.Settings(TestCluster.User("alice")));
        byte[][] sent = [[], [5, 1, 2], [5, 1, 2, 1, 5, .. "alice"u8, 6, .. "s3cret"u8]];
        foreach (var bytes in sent)
        {
            using var client = await node.ConnectAsync();
            if (bytes.Length > 0)
                await client.SendAsync(bytes);
            await Eventually.TrueAsync(() => node.Node.LiveSessions.Count == 1, "the session to be there");
            await node.AskAsync<AuthRegistry.SessionsTerminated>(new AuthRegistry.TerminateSessions(IPAddress.Loopback, TerminationReason.Operator));
            await client.ExpectResetAsync();
            await node.QuietAsync();
        }
    }

    [Fact]
    public async Task Any_node_shows_and_ends_the_sessions_of_all()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice", 9), TestCluster.User("bob")));
        var (here, there) = (cluster.Nodes[0], cluster.Nodes[1]);
        var clients = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => SocksClient.ConnectAsync((i < 3 ? here : there).Endpoint)));
        for (var i = 0; i < clients.Length; i++)
            Assert.Equal(ReplyCode.Succeeded, await clients[i].LoginAsync(i % 3 == 0 ? "bob" : "alice", "s3cret", origin.Endpoint));
        await clients[4].SendAsync(1, 2, 3);
        await clients[4].ReceiveAsync(3);

        var all = await here.AskAsync<AuthRegistry.SessionPage>(All);
        Assert.Equal(6, all.Items.Length);
        Assert.Equal(all.Items.Select(it => it.Id.Value).Order(), all.Items.Select(it => it.Id.Value));
        Assert.Equal([here.Name, there.Name], all.Items.Select(it => it.Node).Distinct().Order());
        var busy = Assert.Single(all.Items, it => it.Up > 0);
        Assert.Equal(
            (there.Name, Alice, clients[4].Socket.LocalEndPoint, origin.Endpoint.ToString(), 3L, 3L),
            (busy.Node, busy.User!.Value, busy.Client, busy.Destination, busy.Up, busy.Down));
        Assert.Equal(2, (await here.AskAsync<AuthRegistry.SessionPage>(All with { Filter = new(UserName.FromText("bob"), null, null) })).Items.Length);
        Assert.Equal(3, (await here.AskAsync<AuthRegistry.SessionPage>(All with { Filter = new(null, null, there.Name) })).Items.Length);
        Assert.Empty((await here.AskAsync<AuthRegistry.SessionPage>(All with { Filter = new(null, IPAddress.Parse("10.0.0.1"), null) })).Items);

        await here.AskAsync<AuthRegistry.SessionsTerminated>(new AuthRegistry.TerminateSessions(busy.Id, TerminationReason.Operator));
        await clients[4].ExpectResetAsync();
        var ended = await there.AskAsync<AuthRegistry.SessionsTerminated>(new AuthRegistry.TerminateSessions(Alice, TerminationReason.Operator));
        Assert.Equal(3, ended.Count);
        await cluster.AgreeAsync("alice", 0);
        await cluster.AgreeAsync("bob", 2);
        foreach (var client in clients)
            client.Dispose();
    }

    [Theory]
    [InlineData(Change.Remove, "user-revoked")]
    [InlineData(Change.Disable, "user-revoked")]
    [InlineData(Change.OtherPassword, "password-changed")]
    [InlineData(Change.Expire, "user-expired")]
    public async Task A_user_that_is_changed_loses_its_sessions_within_a_second_and_no_other_does(Change change, string reason)
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(TestCluster.Settings(TestCluster.User("bob")));
        node.Node.Users.Merge([Stored]);
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.ConnectAsync()));
        await Task.WhenAll(clients.Select(client => client.LoginAsync("alice", "s3cret", origin.Endpoint)));
        using var bystander = await node.ConnectAsync();
        await bystander.LoginAsync("bob", "s3cret", origin.Endpoint);

        var next = Stored with { Revision = 2 };
        var watch = Stopwatch.StartNew();
        node.Node.Users.Merge([change == Change.Remove ? next with { Deleted = true }
            : change == Change.Disable ? next with { Enabled = false }
            : change == Change.OtherPassword ? next with { Password = "$argon2id$v=19$m=256,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAA" }
            : next with { ExpiresAt = DateTimeOffset.UtcNow.AddMilliseconds(300) }]);
        await Task.WhenAll(clients.Select(client => client.ExpectResetAsync()));

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, change == Change.Expire ? 1.5 : 1);
        await bystander.SendAsync(7);
        Assert.Equal([7], await bystander.ReceiveAsync(1));
        var killed = (await node.StopAndReadLogAsync()).Where(line => line.GetProperty("end").GetString() == "killed").ToList();
        Assert.Equal(20, killed.Count);
        Assert.All(killed, line => Assert.Equal(reason, line.GetProperty("termination").GetString()));
    }

    [Fact]
    public async Task A_change_that_concerns_no_session_ends_none()
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(TestCluster.Settings());
        node.Node.Users.Merge([Stored]);
        using var client = await node.ConnectAsync();
        await client.LoginAsync("alice", "s3cret", origin.Endpoint);
        node.Node.Users.Merge([Stored with { Revision = 2, MaxSessions = 1, ExpiresAt = DateTimeOffset.UtcNow.AddHours(1) }]);

        using (var refused = await node.ConnectAsync())
            Assert.Equal(ReplyCode.NotAllowed, await refused.LoginAsync("alice", "s3cret", origin.Endpoint));
        await client.SendAsync(7);
        Assert.Equal([7], await client.ReceiveAsync(1));
    }

    private static UserRecord Stored { get; } = new() { Name = Alice, Password = TestLogin.CheapHashOfS3cret, MaxSessions = 50, Revision = 1 };

    private static AuthRegistry.GetSessions All { get; } = new(SessionFilter.Any, default, null, 1_000);
}
