using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Feed;

/// <summary>Process logs of nodes that are one cluster, read through any of them.</summary>
public sealed class LogFeedTests
{
    [Fact]
    public async Task A_reader_hears_what_all_nodes_write_from_its_level_on_until_it_goes()
    {
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings());
        var heard = new ConcurrentQueue<NodeLog>();
        var reader = Read(cluster.Nodes[0], LogLevel.WarningLevel, heard);

        // Until the other nodes have heard that there is a reader.
        await Eventually.TrueAsync(
            () =>
            {
                foreach (var node in cluster.Nodes)
                {
                    LogOf(node).Add(1, LogLevel.InfoLevel, "s", "not grave");
                    LogOf(node).Add(2, LogLevel.WarningLevel, "s", "grave");
                }

                return heard.Select(it => it.Name).ToHashSet().SetEquals(cluster.Nodes.Select(node => node.Node.Settings.NodeName));
            },
            "lines of all nodes");
        Assert.All(heard.SelectMany(it => it.Lines), line => Assert.Equal((LogLevel.WarningLevel, "grave"), (line.Level, line.Text)));
        Assert.All(heard, it => Assert.Equal(0, it.Lost));

        await reader.GracefulStop(TimeSpan.FromSeconds(10));
        var other = new ConcurrentQueue<NodeLog>();
        Read(cluster.Nodes[1], LogLevel.DebugLevel, other);
        LogOf(cluster.Nodes[1]).Add(3, LogLevel.DebugLevel, "s", "the last");
        await Eventually.TrueAsync(() => other.SelectMany(it => it.Lines).Any(line => line.Text == "the last"), "what the other reader wants");
        Assert.DoesNotContain(heard.SelectMany(it => it.Lines), line => line.Text == "the last");
    }

    [Fact]
    public async Task What_is_too_much_is_counted_and_the_latest_is_told()
    {
        await using var cluster = await TestCluster.StartAsync(2, TestCluster.Settings());
        var heard = new ConcurrentQueue<NodeLog>();
        Read(cluster.Nodes[0], LogLevel.DebugLevel, heard);
        var far = cluster.Nodes[1];
        await Eventually.TrueAsync(
            () =>
            {
                LogOf(far).Add(1, LogLevel.InfoLevel, "s", "is anybody there?");
                return heard.Any(it => it.Name == far.Node.Settings.NodeName);
            },
            "the other node to tell what it writes");

        const int Many = 5000;
        for (var i = 1; i <= Many; i++)
            LogOf(far).Add(i, LogLevel.InfoLevel, "flood", $"{i}");

        await Eventually.TrueAsync(() => Told().Last().Text == $"{Many}", "the last line");
        var told = Told();
        Assert.Equal(told[^1].Number - told[0].Number + 1, told.Length + heard.Sum(it => it.Lost));
        Assert.True(told.Length < Many);
        Assert.Equal(told.OrderBy(line => line.Number), told);

        ImmutableArray<LogLine> Told() => [.. heard.Where(it => it.Name == far.Node.Settings.NodeName).SelectMany(it => it.Lines)];
    }

    [Fact]
    public async Task Any_node_lists_the_last_lines_of_all_or_of_one_and_names_who_does_not_answer()
    {
        await using var cluster = await TestCluster.StartAsync(3, TestCluster.Settings());
        var (asked, second, third) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);
        var later = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds();
        LogOf(third).Add(later + 1, LogLevel.ErrorLevel, "s", "third");
        LogOf(second).Add(later, LogLevel.WarningLevel, "s", "second");
        LogOf(asked).Add(later + 2, LogLevel.InfoLevel, "s", "first");
        await Eventually.TrueAsync(
            () => asked.AskAsync<AuthRegistry.Nodes>(new AuthRegistry.GetNodes()).Result.Items.Any(node => node.Name == third.Node.Settings.NodeName),
            "the node's name to be known");

        Assert.Equal(["second", "third", "first"], Texts(await ListAsync(asked, null, LogLevel.DebugLevel, 3)));
        Assert.Equal(["second", "third"], Texts(await ListAsync(asked, null, LogLevel.WarningLevel, 100)).TakeLast(2));
        Assert.Equal(["third"], Texts(await ListAsync(asked, third.Node.Settings.NodeName, LogLevel.DebugLevel, 1)));
        Assert.Equal(["first"], Texts(await ListAsync(asked, asked.Node.Settings.NodeName, LogLevel.DebugLevel, 1)));
        Assert.False((await ListAsync(asked, "nobody", LogLevel.DebugLevel, 1)).IsOfANode);

        await cluster.KillAsync(2);
        await Eventually.TrueAsync(
            () => ListAsync(asked, null, LogLevel.DebugLevel, 10).Result is var page
                && page.Items.All(it => it.Node != third.Node.Settings.NodeName),
            "the loss");
        Assert.Contains("second", Texts(await ListAsync(asked, null, LogLevel.WarningLevel, 100)));
    }

    private static ProcessLog LogOf(TestNode node) => node.System.Settings.Setup.Get<ProcessLog>().Value;

    private static Task<AuthRegistry.LogPage> ListAsync(TestNode node, string? of, LogLevel level, int count) =>
        node.AskAsync<AuthRegistry.LogPage>(new AuthRegistry.GetLog(of, level, count));

    private static IEnumerable<string> Texts(AuthRegistry.LogPage page) => page.Items.Select(it => it.Line.Text);

    private static IActorRef Read(TestNode node, LogLevel level, ConcurrentQueue<NodeLog> heard)
    {
        var reader = node.System.ActorOf(Props.Create(() => new Reader(heard)));
        node.System.ActorSelection($"/user/{LogFeed.Name}").Tell(new LogFeed.Listen(level), reader);
        return reader;
    }

    private sealed class Reader(ConcurrentQueue<NodeLog> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.Enqueue((NodeLog)message);
    }
}
