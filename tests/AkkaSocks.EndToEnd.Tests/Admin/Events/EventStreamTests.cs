using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin.Events;

public sealed class EventStreamTests
{
    private static readonly NodeIncarnation Node = new("akka://n2", 1);

    [Fact]
    public async Task What_happens_comes_as_it_happens_one_line_of_JSON_each()
    {
        await using var node = await AdminNode.StartAsync();
        using var events = await EventReading.OpenAsync(node);
        Assert.Equal("text/event-stream", events.ContentType);

        Tell(node, new FeedEvent(FeedKind.SessionRefused, 1_000)
        {
            Session = new SessionId(1),
            Listener = "main",
            Protocol = "socks5",
            User = new UserName("a\r\n\r\ndata: {}\u001b[2J"u8),
            Client = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 7),
            Destination = "example.com:443",
            End = "refused",
            Reason = "bad-credentials",
        });
        node.Feed.Tell(new NodeReport(Node, "n2", IsDraining: true, 7, FakeCluster.Figures));

        var (name, refused) = await events.NextAsync();
        Assert.Equal("session-refused", name);
        Assert.Equal("a\r\n\r\ndata: {}\u001b[2J", refused.GetProperty("user").GetString());
        Assert.Equal("1970-01-01T00:00:01+00:00", refused.GetProperty("time").GetString());
        Assert.Equal(("n2", "bad-credentials"), (refused.GetProperty("node").GetString(), refused.GetProperty("reason").GetString()));
        (name, var figures) = await events.NextAsync();
        Assert.Equal(("figures", 7), (name, figures.GetProperty("sessions").GetInt32()));
        Assert.Equal(2, figures.GetProperty("figures").GetProperty("refusals").GetProperty("bad-credentials").GetInt32());
    }

    [Fact]
    public async Task Only_the_kinds_that_are_asked_for_come()
    {
        await using var node = await AdminNode.StartAsync();
        using var events = await EventReading.OpenAsync(node, "/v1/events?kinds=node-changed,figures");

        Tell(node, Started(1));
        Tell(node, new FeedEvent(FeedKind.NodeChanged, 0) { Reason = "unreachable" });

        Assert.Equal("node-changed", (await events.NextAsync()).Name);
    }

    [Fact]
    public async Task Of_a_slow_reader_the_oldest_go_it_is_told_how_many_and_nobody_waits()
    {
        const int Count = 100_000;
        await using var node = await AdminNode.StartAsync();
        using var slow = await EventReading.OpenAsync(node, "/v1/events?kinds=session-started", receiveBuffer: 4096);
        using var quick = await EventReading.OpenAsync(node, "/v1/events?kinds=node-changed");

        for (var id = 0; id < Count; id++)
            Tell(node, Started((ulong)id));
        Tell(node, new FeedEvent(FeedKind.NodeChanged, 0) { Reason = "the last" });

        // Nobody has read a byte of the slow one yet.
        Assert.Equal("the last", (await quick.NextAsync()).Document.GetProperty("reason").GetString());
        var (seen, lost) = await slow.CountAsync(Count);
        Assert.Equal(Count, seen + lost);
        Assert.InRange(seen, 1, Count / 2);
    }

    [Fact]
    public async Task What_the_nodes_had_to_leave_out_is_told()
    {
        await using var node = await AdminNode.StartAsync();
        using var events = await EventReading.OpenAsync(node);

        node.Feed.Tell(new NodeEvents(Node, "n2", 17, []));

        var (name, document) = await events.NextAsync();
        Assert.Equal("lost", name);
        Assert.Equal((17, "n2"), (document.GetProperty("count").GetInt32(), document.GetProperty("node").GetString()));
    }

    [Fact]
    public async Task When_a_reader_has_gone_nothing_is_told_any_more()
    {
        await using var node = await AdminNode.StartAsync();
        var events = await EventReading.OpenAsync(node);
        await ReadersAsync(node, 1);

        events.Dispose();

        await ReadersAsync(node, 0);
    }

    [Fact]
    public async Task There_is_an_end_to_readers()
    {
        await using var node = await AdminNode.StartAsync();
        var readers = new List<EventReading>();
        for (var i = 0; i < 32; i++)
            readers.Add(await EventReading.OpenAsync(node));

        var answer = await node.GetAsync("/v1/events");

        Assert.Equal((503, "too-many-readers"), (answer.Status, answer.Problem));
        readers.ForEach(reader => reader.Dispose());
        await ReadersAsync(node, 0);
        (await EventReading.OpenAsync(node)).Dispose();
    }

    [Theory]
    [InlineData("?kinds=")]
    [InlineData("?kinds=figures,all")]
    [InlineData("?kind=figures")]
    public async Task A_query_that_means_nothing_is_refused(string query)
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal("bad-parameter", (await node.GetAsync($"/v1/events{query}")).Problem);
    }

    private static FeedEvent Started(ulong id) => new(FeedKind.SessionStarted, 0) { Session = new SessionId(id), Destination = "example.com:443" };

    private static void Tell(AdminNode node, FeedEvent happened) =>
        node.Feed.Tell(new NodeEvents(Node, "n2", 0, ImmutableArray.Create(happened)));

    private static Task ReadersAsync(AdminNode node, int count) => Eventually.TrueAsync(
        () => node.Feed.Ask<int>(new FakeFeed.CountReaders()).Result == count, () => $"{count} readers");
}
