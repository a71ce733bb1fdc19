using System.Collections.Concurrent;
using Akka.Actor;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Tests.Capture;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Feed;

/// <summary>Exchanges of nodes that are one cluster, asked for and watched through another one that looks into nothing.</summary>
public sealed class ExchangeFeedTests
{
    [Fact]
    public async Task A_reader_hears_of_the_exchanges_of_all_nodes_that_somebody_wants_until_it_goes()
    {
        var rings = Rings(null, 100, 100);
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(), exchanges: rings);
        var heard = new ConcurrentQueue<NodeExchanges>();
        var reader = cluster.Nodes[0].System.ActorOf(Reader.Props(heard));
        cluster.Nodes[0].System.ActorSelection($"/user/{ExchangeFeed.Name}")
            .Tell(new ExchangeFeed.Listen(ExchangeFilter.Any with { Method = "POST" }), reader);

        // Until the other nodes have heard that there is a reader.
        await Eventually.TrueAsync(
            () =>
            {
                foreach (var ring in rings.OfType<CaptureRing>())
                {
                    ring.Add(TestExchange.Of(0));
                    ring.Add(TestExchange.Of(0) with { Method = "POST" });
                }

                return heard.Select(it => it.Name).ToHashSet().SetEquals(cluster.Nodes.Skip(1).Select(node => node.Name));
            },
            "exchanges of both nodes");
        Assert.All(heard.SelectMany(it => it.Exchanges, (it, exchange) => (it.Name, exchange)), it =>
            Assert.Equal(("POST", it.Name), (it.exchange.Method, it.exchange.Node)));

        await reader.GracefulStop(TimeSpan.FromSeconds(10));

        // The last watch was for 12 s.
        await Eventually.TrueAsync(() => rings.All(ring => ring?.HasListeners != true), "rings that nobody listens to", TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Any_node_lists_the_exchanges_of_all_and_fetches_one_that_is_longer_than_a_frame()
    {
        var rings = Rings(null, 10, 10);
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings(), exchanges: rings);
        var (asked, remote) = (cluster.Nodes[0], cluster.Nodes[2]);
        rings[1]!.Add(TestExchange.Of(0) with { Started = DateTimeOffset.UnixEpoch.AddSeconds(2) });
        rings[2]!.Add(TestExchange.Of(500_000));
        await Eventually.TrueAsync(
            () => asked.AskAsync<AuthRegistry.Nodes>(new AuthRegistry.GetNodes()).Result.Items.Any(node => node.Name == remote.Name),
            "the node's name to be known");

        var all = await ListAsync(asked, null);
        Assert.Equal([cluster.Nodes[1].Name, remote.Name], all.List.Items.Select(exchange => exchange.Node));
        Assert.Equal((true, false), (all.IsCaptured, all.List.HasMore));
        Assert.Empty(all.Silent);
        Assert.Equal(remote.Name, Assert.Single((await ListAsync(asked, remote.Name)).List.Items).Node);
        Assert.Equal((0, false), await ListAsync(asked, asked.Name) is var own ? (own.List.Items.Length, own.IsCaptured) : default);
        Assert.False((await ListAsync(asked, "nobody")).IsOfANode);

        var bytes = new MemoryStream();
        ExchangePart part;
        do
        {
            part = (await asked.AskAsync<AuthRegistry.ExchangeAnswer>(new AuthRegistry.GetExchange(remote.Name, 1, (int)bytes.Length))).Part!;
            bytes.Write(part.Bytes.Span);
        }
        while (bytes.Length < part.Total);
        Assert.Equal(500_000, ExchangeBytes.Read(bytes.ToArray()).ResponseBody.Head.Length);
        Assert.Equal(0, (await asked.AskAsync<AuthRegistry.ExchangeAnswer>(new AuthRegistry.GetExchange(remote.Name, 2, 0))).Part!.Total);

        await cluster.KillAsync(2);
        var without = await ListAsync(asked, null);
        await Eventually.TrueAsync(() => (without = ListAsync(asked, null).Result).Silent.Length == 1 || without.List.Items.Length == 1, "the loss");
        Assert.Equal(cluster.Nodes[1].Name, Assert.Single(without.List.Items).Node);
    }

    [Fact]
    public void What_is_too_much_is_counted_and_the_latest_is_told()
    {
        var waiting = new WaitingExchanges("n1") { Wanted = [ExchangeFilter.Any] };
        for (var i = 1; i <= 2000; i++)
            waiting.Add(TestExchange.Of(0) with { Id = i, Url = new string('u', 1000) });
        var told = waiting.Take(out var lost);
        Assert.Equal(2000, told.Length + lost);
        Assert.Equal(Enumerable.Range(2001 - told.Length, told.Length).Select(id => (long)id), told.Select(exchange => exchange.Id));
        Assert.InRange(told.Sum(exchange => exchange.Size), 1, 64_000);
        Assert.Empty(waiting.Take(out lost));
        Assert.Equal(0, lost);
    }

    private static CaptureRing?[] Rings(params int?[] sizes) => [.. sizes.Select(size => size is { } it ? new CaptureRing(it, int.MaxValue) : null)];

    private static Task<AuthRegistry.ExchangePage> ListAsync(TestNode node, string? of) =>
        node.AskAsync<AuthRegistry.ExchangePage>(new AuthRegistry.GetExchanges(ExchangeFilter.Any, of, null, 100));

    private sealed class Reader(ConcurrentQueue<NodeExchanges> heard) : UntypedActor
    {
        public static Props Props(ConcurrentQueue<NodeExchanges> heard) => Akka.Actor.Props.Create(() => new Reader(heard));

        protected override void OnReceive(object message) => heard.Enqueue((NodeExchanges)message);
    }
}
