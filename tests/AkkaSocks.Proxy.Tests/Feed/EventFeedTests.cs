using System.Collections.Concurrent;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Tests.Auth;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Feed;

/// <summary>Two nodes that are one cluster, watched through one of them.</summary>
public sealed class EventFeedTests
{
    [Fact]
    public async Task A_reader_hears_of_sessions_of_all_nodes_of_their_figures_and_of_users()
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings(TestCluster.User("alice")));
        var (watched, other) = (cluster.Nodes[0], cluster.Nodes[1]);
        var heard = Listen(watched);
        await Eventually.TrueAsync(
            () => heard.OfType<NodeReport>().Select(it => it.Name).ToHashSet().SetEquals(cluster.Nodes.Select(it => it.Node.Settings.NodeName)),
            "figures of both nodes");

        using (var client = await SocksClient.ConnectAsync(other.Endpoint))
        {
            await client.LoginAsync("alice", "s3cret", origin.Endpoint);
            await UntilAsync(heard, FeedKind.SessionStarted);
        }

        await UntilAsync(heard, FeedKind.SessionEnded);
        using (var refused = await SocksClient.ConnectAsync(other.Endpoint))
            await refused.FailToLogInAsync("alice", "wrong");
        var (name, told) = await UntilAsync(heard, FeedKind.SessionRefused);
        Assert.Equal((other.Node.Settings.NodeName, "bad-credentials"), (name, told.Reason));
        Assert.Equal(UserName.FromText("alice"), told.User);

        watched.Node.Users.Merge([new UserRecord { Name = UserName.FromText("carol"), Password = TestLogin.CheapHashOfS3cret, Revision = 1 }]);
        Assert.Equal(UserName.FromText("carol"), (await UntilAsync(heard, FeedKind.UserChanged)).Event.User);
        watched.Node.Users.Merge([UserRecord.Tombstone(UserName.FromText("carol")) with { Revision = 2 }]);
        await UntilAsync(heard, FeedKind.UserRemoved);

        var target = new BanTarget(UserName.FromText("mallory"), null);
        var ban = await other.AskAsync<AuthRegistry.BanImposed>(new AuthRegistry.ImposeBan(target, TimeSpan.FromHours(1), null));
        Assert.Equal((target.User, "operator"), (await UntilAsync(heard, FeedKind.BanAdded)).Event is var added ? (added.User, added.Reason) : default);
        await other.AskAsync<AuthRegistry.BanLifted>(new AuthRegistry.LiftBan(ban.Ban.Version));
        await UntilAsync(heard, FeedKind.BanEnded);
    }

    [Fact]
    public async Task When_the_last_reader_has_gone_no_node_says_anything_any_more()
    {
        await using var cluster = await TestCluster.StartAsync(1, TestCluster.Settings());
        var heard = new ConcurrentQueue<object>();
        var reader = cluster.Nodes[0].System.ActorOf(Reader.Props(heard));
        FeedOf(cluster.Nodes[0]).Tell(new EventFeed.Listen(), reader);
        await Eventually.TrueAsync(() => heard.OfType<NodeReport>().Any(), "figures");

        await reader.GracefulStop(TimeSpan.FromSeconds(10));

        var tap = cluster.Nodes[0].Node.Tap;
        await Eventually.TrueAsync(() => !tap.IsOpen, "the tap to be closed");
    }

    [Fact]
    public async Task A_node_that_goes_is_told_of()
    {
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings());
        var heard = Listen(cluster.Nodes[0]);
        await Eventually.TrueAsync(() => heard.OfType<NodeReport>().Select(it => it.Name).Distinct().Count() == 2, "figures of both nodes");

        cluster.Nodes[1].Node.Drain.Begin(AkkaSocks.Proxy.Limits.DrainCause.Operator);

        var (name, told) = await UntilAsync(heard, FeedKind.NodeChanged, it => it.Reason == "draining");
        Assert.Equal((cluster.Nodes[1].Node.Settings.NodeName, "draining"), (name, told.Reason));
    }

    private static async Task<(string Node, FeedEvent Event)> UntilAsync(
        ConcurrentQueue<object> heard, FeedKind kind, Func<FeedEvent, bool>? which = null)
    {
        (string Node, FeedEvent Event)? found = null;
        await Eventually.TrueAsync(
            () => (found = heard.OfType<NodeEvents>()
                .SelectMany(it => it.Events, (it, happened) => ((string, FeedEvent)?)(it.Name, happened))
                .FirstOrDefault(it => it!.Value.Item2.Kind == kind && which?.Invoke(it.Value.Item2) != false)) is not null,
            kind.ToString());
        return found!.Value;
    }

    private static ConcurrentQueue<object> Listen(TestNode node)
    {
        var heard = new ConcurrentQueue<object>();
        FeedOf(node).Tell(new EventFeed.Listen(), node.System.ActorOf(Reader.Props(heard)));
        return heard;
    }

    private static ActorSelection FeedOf(TestNode node) => node.System.ActorSelection($"/user/{EventFeed.Name}");

    private sealed class Reader(ConcurrentQueue<object> heard) : UntypedActor
    {
        public static Props Props(ConcurrentQueue<object> heard) => Akka.Actor.Props.Create(() => new Reader(heard));

        protected override void OnReceive(object message) => heard.Enqueue(message);
    }
}
