using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport.Epoll;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Actors;

public sealed class ActorTreeTests
{
    [Theory]
    [InlineData(Engine.EpollTunnel)]
    [InlineData(Engine.SocketsFlow)]
    public async Task It_shows_a_session_where_it_is_with_what_it_does(Engine engine)
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(engine));
        using var tunnel = await node.OpenAsync(origin.Endpoint);
        using var silent = await node.ConnectAsync();
        await Eventually.TrueAsync(() => node.Node.LiveSessions.Count == 2, "both sessions to be there");

        var sessions = All(await node.Node.Actors.ReadAsync(4, 100, default)).Where(it => it.Type == "SessionActor").ToList();

        Assert.Equal(["handshaking", "relaying"], sessions.Select(it => it.State).Order());
        Assert.All(sessions, it => Assert.StartsWith("/user/listener-main-", it.Path, StringComparison.Ordinal));
        var relaying = sessions.Single(it => it.State == "relaying");
        Assert.Equal("TcpRelayActor", Assert.Single(relaying.Shown).Type);
        Assert.InRange(relaying.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task It_shows_no_more_than_was_asked_for_and_says_so()
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default);
        var clients = new List<SocksClient>();
        for (var i = 0; i < 12; i++)
            clients.Add(await node.ConnectAsync());
        await Eventually.TrueAsync(() => node.Node.LiveSessions.Count == 12, "the sessions to be there");

        var view = (await node.Node.Actors.ReadAsync(3, 2, default))!;

        Assert.True(view.IsCut);
        Assert.All(All(view), it => Assert.InRange(it.Shown.Length, 0, 2));
        var all = (await node.Node.Actors.ReadAsync(3, 100, default))!;
        Assert.Equal(12, All(all).Where(it => it.Type == "ListenerActor").Sum(it => it.Children));
        Assert.All((await node.Node.Actors.ReadAsync(1, 100, default))!.Roots, root => Assert.Empty(root.Shown));
        foreach (var client in clients)
            client.Dispose();
    }

    [Fact]
    public async Task It_is_read_although_every_event_loop_stands_still()
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(Engine.EpollTunnel));
        using var client = await node.ConnectAsync();
        await Eventually.TrueAsync(() => node.Node.LiveSessions.Count == 1, "the session to be there");
        using var held = new CountdownEvent(2);
        using var go = new ManualResetEventSlim();
        foreach (var loop in node.System.Settings.Setup.Get<EventLoopSetup>().Value.Loops)
        {
            loop.Post(new Posted(() =>
            {
                held.Signal();
                go.Wait();
            }));
        }

        held.Wait();
        var view = await node.Node.Actors.ReadAsync(3, 100, default).InTime();
        go.Set();
        Assert.Contains(All(view), it => it.Type == "SessionActor");
    }

    [Fact]
    public async Task A_node_that_does_not_measure_shows_its_actors_and_counts_what_failed_alone()
    {
        using var origin = Origin.Echo();
        var settings = TestSettings.Default;
        await using var node = await TestNode.StartAsync(settings with { Metrics = settings.Metrics with { Actors = false } });
        using var tunnel = await node.OpenAsync(origin.Endpoint);

        var session = Assert.Single(All(await node.Node.Actors.ReadAsync(4, 100, default)), it => it.Type == "SessionActor");

        Assert.Equal("relaying", session.State);
        Assert.InRange(session.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Empty(node.Node.Metrics.Actors.Summaries());
        var declared = node.Node.Metrics.All.All.Where(it => it.Name.StartsWith("akkasocks.actors", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["akkasocks.actors.dead-letters", "akkasocks.actors.failures", "akkasocks.actors.restarts", "akkasocks.actors.unhandled"],
            declared.Select(it => it.Name).Order(StringComparer.Ordinal));
        Assert.Contains(declared.Single(it => it.Name == "akkasocks.actors.failures").Read(), it => it.Labels is ["session"] && it.Value == 0);
    }

    private static IEnumerable<ActorTree.Node> All(ActorTree.View? view) => view!.Roots.SelectMany(All);

    private static IEnumerable<ActorTree.Node> All(ActorTree.Node node) => node.Shown.SelectMany(All).Prepend(node);
}
