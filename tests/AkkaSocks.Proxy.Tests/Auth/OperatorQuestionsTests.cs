using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

/// <summary>What operators ask, of several nodes that are one cluster.</summary>
public sealed class OperatorQuestionsTests
{
    [Fact]
    public async Task Any_node_lists_the_sessions_of_all_page_by_page_and_by_user_client_and_node()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(TestCluster.User("alice"), TestCluster.User("bob")));
        var clients = new List<SocksClient>();
        foreach (var (node, user) in cluster.Nodes.SelectMany(node => new[] { (node, "alice"), (node, "bob"), (node, "bob") }))
        {
            clients.Add(await SocksClient.ConnectAsync(node.Endpoint));
            await clients[^1].LoginAsync(user, "s3cret", origin.Endpoint);
        }

        var asked = cluster.Nodes[1];
        var all = await PageAsync(asked, SessionFilter.Any, null, 100);
        Assert.Equal((9, 9, false), (all.Items.Length, all.Total, all.HasMore));
        Assert.Empty(all.Silent);
        Assert.Equal(cluster.Nodes.Select(node => node.Node.Settings.NodeName).Order(), all.Items.Select(session => session.Node).Distinct().Order());
        Assert.All(all.Items, session => Assert.Equal(origin.Endpoint.ToString(), session.Destination));

        var first = await PageAsync(asked, SessionFilter.Any, null, 4);
        var second = await PageAsync(asked, SessionFilter.Any, first.Items[^1].Id, 100);
        Assert.Equal((true, 4, 9), (first.HasMore, first.Items.Length, first.Total));
        Assert.Equal(all.Items.Select(session => session.Id), first.Items.Concat(second.Items).Select(session => session.Id));

        Assert.Equal(6, (await PageAsync(asked, SessionFilter.Any with { User = UserName.FromText("bob") }, null, 100)).Items.Length);
        Assert.Equal(3, (await PageAsync(asked, SessionFilter.Any with { Node = cluster.Nodes[2].Node.Settings.NodeName }, null, 100)).Items.Length);
        Assert.Empty((await PageAsync(asked, SessionFilter.Any with { Client = IPAddress.Parse("192.0.2.1") }, null, 100)).Items);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Any_node_knows_what_each_node_does()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice")));
        var (asked, working) = (cluster.Nodes[0], cluster.Nodes[1]);
        using var client = await SocksClient.ConnectAsync(working.Endpoint);
        await client.LoginAsync("alice", "s3cret", origin.Endpoint);
        await client.SendAsync(new byte[1000]);
        await client.ReceiveAsync(1000);
        using (var refused = await SocksClient.ConnectAsync(working.Endpoint))
            await refused.FailToLogInAsync("alice", "wrong");

        // Told every 5 s.
        await Eventually.TrueAsync(
            () => NodesOf(asked).Single(node => !node.IsSelf).Figures is
                { Accepted: 2, ClientToDestination: 1000, DestinationToClient: 1000, LoopsBusy: [_, _], Draining: null } figures
                && figures.Refusals.GetValueOrDefault("bad-credentials") == 1
                && figures.Uptime > TimeSpan.Zero && figures.MemoryBytes > 0,
            "the node's figures to be known at the other");
        Assert.Equal(0, NodesOf(asked).Single(node => node.IsSelf).Figures?.Accepted);
    }

    [Fact]
    public async Task Who_has_most_sessions_in_the_cluster_is_known_at_any_node()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice"), TestCluster.User("bob")));
        var clients = new List<SocksClient>();
        foreach (var (node, user) in new[] { (0, "alice"), (0, "bob"), (1, "bob") })
        {
            clients.Add(await SocksClient.ConnectAsync(cluster.Nodes[node].Endpoint));
            await clients[^1].LoginAsync(user, "s3cret", origin.Endpoint);
        }

        foreach (var node in cluster.Nodes)
        {
            await Eventually.TrueAsync(
                () => AskAsync<AuthRegistry.BusiestUsers>(node, new AuthRegistry.GetBusiestUsers(10)).Result.Items is
                    [{ Sessions: 2 } first, { Sessions: 1 }] && first.User == UserName.FromText("bob"),
                "bob to be first");
        }

        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Any_node_tells_who_was_refused_at_any_node_the_latest_first()
    {
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(TestCluster.User("alice")));
        foreach (var node in cluster.Nodes)
        {
            using var client = await SocksClient.ConnectAsync(node.Endpoint);
            await client.LoginAsync("alice", "s3cret", new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80));
            using var other = await SocksClient.ConnectAsync(node.Endpoint);
            await other.FailToLogInAsync("bob", "wrong");
        }

        foreach (var asked in cluster.Nodes)
        {
            AuthRegistry.Refusals found = null!;
            await Eventually.TrueAsync(() => (found = RefusalsOf(asked, default, 100)).Items.Length == 6, "all refusals to be known");
            Assert.Equal(found.Items.Select(it => it.At).OrderDescending(), found.Items.Select(it => it.At));
            Assert.Equal(cluster.Nodes.Select(node => node.Name).Order(), found.Items.Select(it => it.Node).Distinct().Order());
            Assert.Empty(found.Silent);
        }

        Assert.Equal(4, RefusalsOf(cluster.Nodes[0], default, 4).Items.Length);
        var first = RefusalsOf(cluster.Nodes[0], new RefusalFilter(null, "special-purpose-address", null), 100).Items;
        Assert.Equal(3, first.Length);
        Assert.All(first, it => Assert.Equal(("10.0.0.1:80", Command.Connect, TestLogin.Alice), (it.Destination, it.Command, it.User)));
        Assert.Equal(3, RefusalsOf(cluster.Nodes[0], new RefusalFilter(null, null, UserName.FromText("bob")), 100).Items.Length);
        Assert.Equal(first[1], Assert.Single(RefusalsOf(cluster.Nodes[2], new RefusalFilter(first[1].Id, null, null), 1).Items) with { At = first[1].At });
    }

    [Fact]
    public async Task Any_node_shows_the_actors_of_any_node()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice")));
        var (asked, shown) = (cluster.Nodes[0], cluster.Nodes[1]);
        using var client = await SocksClient.ConnectAsync(shown.Endpoint);
        await client.LoginAsync("alice", "s3cret", origin.Endpoint);
        await Eventually.TrueAsync(() => NodesOf(asked).Any(node => node.Name == shown.Name), "the node's name to be known");

        var there = await AskAsync<AuthRegistry.Actors>(asked, new AuthRegistry.GetActors(shown.Name, 4, 50));
        var here = await AskAsync<AuthRegistry.Actors>(asked, new AuthRegistry.GetActors(null, 4, 50));
        var nobody = await AskAsync<AuthRegistry.Actors>(asked, new AuthRegistry.GetActors("nobody", 4, 50));

        Assert.Equal((shown.Name, asked.Name, null), (there.Node, here.Node, nobody.Node));
        Assert.Equal((1, 0), (Live(there, "session"), Live(here, "session")));
        Assert.Contains(there.View!.Roots[0].Shown.SelectMany(actor => actor.Shown), actor => actor is { Type: "SessionActor", State: "relaying" });

        static long Live(AuthRegistry.Actors actors, string type) =>
            actors.View!.Types.Where(it => it.Name == type).Select(it => it.Live).SingleOrDefault();
    }

    [Fact]
    public async Task Any_node_shows_what_messages_cost_the_actors_of_any_node()
    {
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice")));
        var (asked, shown) = (cluster.Nodes[0], cluster.Nodes[1]);
        await Eventually.TrueAsync(() => NodesOf(asked).Any(node => node.Name == shown.Name), "the node's name to be known");

        // One in 64 is timed.
        for (var i = 0; i < 200; i++)
            await AskAsync<AuthRegistry.History>(shown, new AuthRegistry.GetHistory());

        var there = await AskAsync<AuthRegistry.Actors>(asked, new AuthRegistry.GetActors(shown.Name, 1, 1));
        var profile = Assert.Single(there.View!.Messages, it => it is { Actor: "auth-registry", Message: "auth-registry.get-history" });
        Assert.InRange(profile.Timed, 1, 200 / 64);
        Assert.Equal(profile.Timed * 64, profile.Handled);
        Assert.True(profile is { Failed: 0, Handling: { Median: > 0, P99: > 0 }, Waiting: { Median: > 0, P99: > 0 } });
        var here = await AskAsync<AuthRegistry.Actors>(asked, new AuthRegistry.GetActors(null, 1, 1));
        Assert.DoesNotContain(here.View!.Messages, it => it.Message == "auth-registry.get-history");
    }

    [Fact]
    public async Task Any_node_remembers_what_all_nodes_did()
    {
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings());

        // Told every 5 s.
        await Eventually.TrueAsync(
            () => AskAsync<AuthRegistry.History>(cluster.Nodes[0], new AuthRegistry.GetHistory()).Result.Nodes
                .Where(line => !line.Points.IsEmpty).Select(line => line.Node).Order().SequenceEqual(cluster.Nodes.Select(node => node.Name).Order()),
            "both nodes to have told of themselves");
    }

    [Fact]
    public async Task A_session_is_ended_from_another_node_and_one_that_is_not_there_is_not()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice")));
        using var client = await SocksClient.ConnectAsync(cluster.Nodes[0].Endpoint);
        await client.LoginAsync("alice", "s3cret", origin.Endpoint);
        var session = Assert.Single((await PageAsync(cluster.Nodes[1], SessionFilter.Any, null, 10)).Items);

        Assert.Equal(1, (await EndAsync(cluster.Nodes[1], session.Id)).Count);
        await cluster.Nodes[0].QuietAsync();
        Assert.Equal(0, (await EndAsync(cluster.Nodes[1], session.Id)).Count);
    }

    [Fact]
    public async Task A_node_that_drains_refuses_clients_lets_sessions_end_and_all_nodes_know()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice")));
        var (asked, drained) = (cluster.Nodes[0], cluster.Nodes[1]);
        var name = drained.Node.Settings.NodeName;
        using (var client = await SocksClient.ConnectAsync(drained.Endpoint))
        {
            await client.LoginAsync("alice", "s3cret", origin.Endpoint);
            await Eventually.TrueAsync(() => NodesOf(asked).Any(node => node.Name == name), "the node's name to be known");
            Assert.Equal(name, (await AskAsync<AuthRegistry.Draining>(asked, new AuthRegistry.Drain(name))).Node);
            await Eventually.TrueAsync(() => NodesOf(asked).Single(node => node.Name == name).IsDraining, "the node to drain");

            await Eventually.TrueAsync(() => Refuses(drained.Endpoint), "new clients to be refused");
            await client.SendAsync(1);
            await client.ReceiveAsync(1);
            Assert.False(drained.Node.Drained.IsCompleted);
        }

        await drained.Node.Drained.InTime();
        Assert.Null((await AskAsync<AuthRegistry.Draining>(asked, new AuthRegistry.Drain("nobody"))).Node);
    }

    [Fact]
    public async Task A_user_removed_at_one_node_loses_its_sessions_at_another()
    {
        using var origin = Origin.Echo();
        var directory = Directory.CreateTempSubdirectory();
        var settings = TestCluster.Settings();
        settings = settings with
        {
            Auth = settings.Auth with { Store = settings.Auth.Store with { Kind = UserStoreKind.Embedded } },
        };
        try
        {
            await using var cluster = await TestCluster.StartAsync(2, settings, node => node with { DataDirectory = Path.Combine(directory.FullName, node.NodeName) });
            await PutAsync(cluster.Nodes[0], new UserRecord { Name = TestLogin.Alice, Password = TestLogin.CheapHashOfS3cret, MaxSessions = 5 });
            await Eventually.TrueAsync(() => cluster.Nodes[1].Node.Users.Find(TestLogin.Alice) is not null, "the user to reach the other node");
            using var client = await SocksClient.ConnectAsync(cluster.Nodes[1].Endpoint);
            Assert.Equal(ReplyCode.Succeeded, await client.LoginAsync("alice", "s3cret", origin.Endpoint));

            await PutAsync(cluster.Nodes[0], new UserRecord { Name = TestLogin.Alice, Password = TestLogin.CheapHashOfS3cret, MaxSessions = 6 });
            await Eventually.TrueAsync(() => cluster.Nodes[1].Node.Users.Find(TestLogin.Alice)?.MaxSessions == 6, "the change to reach the other node");
            await client.SendAsync(1);
            await client.ReceiveAsync(1);

            await cluster.Nodes[0].System.ActorSelection("/user/users").Ask<UserStoreActor.UserSaved>(new UserStoreActor.RemoveUser(TestLogin.Alice)).InTime();
            await cluster.Nodes[1].QuietAsync();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static bool Refuses(IPEndPoint endpoint)
    {
        using var client = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(endpoint);
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    private static Task PutAsync(TestNode node, UserRecord user) =>
        node.System.ActorSelection("/user/users").Ask<UserStoreActor.UserSaved>(new UserStoreActor.PutUser(user)).InTime();

    private static Task<AuthRegistry.SessionPage> PageAsync(TestNode node, SessionFilter filter, SessionId? after, int count) =>
        AskAsync<AuthRegistry.SessionPage>(node, new AuthRegistry.GetSessions(filter, default, after is { } id ? new SessionPlace(0, id) : null, count));

    private static Task<AuthRegistry.SessionsTerminated> EndAsync(TestNode node, SessionId session) =>
        AskAsync<AuthRegistry.SessionsTerminated>(node, new AuthRegistry.TerminateSessions(session, TerminationReason.Operator));

    private static AuthRegistry.Refusals RefusalsOf(TestNode node, RefusalFilter which, int count) =>
        AskAsync<AuthRegistry.Refusals>(node, new AuthRegistry.GetRefusals(which, count)).Result;

    private static IReadOnlyList<AuthRegistry.NodeStatus> NodesOf(TestNode node) =>
        AskAsync<AuthRegistry.Nodes>(node, new AuthRegistry.GetNodes()).Result.Items;

    private static Task<T> AskAsync<T>(TestNode node, object question) => node.System.ActorSelection("/user/auth").Ask<T>(question).InTime();
}
