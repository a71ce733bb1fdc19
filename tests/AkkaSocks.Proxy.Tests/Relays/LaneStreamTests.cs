using Akka.Streams.Dsl;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Relays;

/// <summary>Relays of one event loop share the actor of its stream, and nothing else.</summary>
public sealed class LaneStreamTests
{
    public static TheoryData<Engine> Loops => [Engine.EpollTunnel, Engine.EpollFlow];

    [Theory, MemberData(nameof(Loops))]
    public async Task Graphs_of_relays_take_no_actors_and_are_counted(Engine engine)
    {
        const int Relays = 50;
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(engine));
        using var origin = Origin.Echo();
        var before = Living(node, ActorNames.Graph);
        var clients = new List<SocksClient>();
        for (var i = 0; i < Relays; i++)
        {
            var client = await node.OpenAsync(origin.Endpoint);
            clients.Add(client);
            await client.SendAsync("ping"u8.ToArray());
            await client.ReceiveAsync(4);
        }

        Assert.Equal(Relays, Graphs(node));
        Assert.Equal(Relays, Living(node, "tcp-relay"));
        Assert.Equal(before, Living(node, ActorNames.Graph));

        clients.ForEach(client => client.Dispose());
        await node.QuietAsync();
        await Eventually.TrueAsync(() => Graphs(node) == 0, "no graph to be left");
    }

    [Fact]
    public async Task A_graph_that_fails_ends_by_itself()
    {
        var settings = TestSettings.Default;
        settings = settings with { Transport = settings.Transport with { EventLoops = 1 } };
        var flows = new RelayFlows(
            Flow.Create<Chunk>().Select(chunk => chunk.Bytes[0] == '!' ? throw new InvalidOperationException("as the test wants") : chunk), null);
        await using var node = await TestNode.StartDistortedAsync(settings, new Through(flows));
        using var origin = Origin.Echo();
        using var neighbour = await node.OpenAsync(origin.Endpoint);
        await neighbour.SendAsync("before"u8.ToArray());
        await neighbour.ReceiveAsync(6);

        using var failing = await node.OpenAsync(origin.Endpoint);
        await failing.SendAsync("!"u8.ToArray());
        await failing.ExpectResetAsync();
        await Eventually.TrueAsync(() => Graphs(node) == 1, "one graph to be left");

        await neighbour.SendAsync("after"u8.ToArray());
        Assert.Equal("after"u8.ToArray(), await neighbour.ReceiveAsync(5));
    }

    private static double Graphs(TestNode node) => Figure(node, "akkasocks.relay.graphs");

    private static double Living(TestNode node, string actor) => Figure(node, "akkasocks.actors", actor);

    private static double Figure(TestNode node, string name, params string[] labels) => node.Node.Metrics.All.All
        .Single(metric => metric.Name == name).Read().Where(series => series.Labels.SequenceEqual(labels)).Sum(series => series.Value);

    private sealed class Through(RelayFlows flows) : IDistortion
    {
        public RelayFlows Of(SessionId session, UserName? user, Destination destination, string? serverName) => flows;

        public IDatagramFlow? OfDatagrams(SessionId session, UserName? user) => null;
    }
}
