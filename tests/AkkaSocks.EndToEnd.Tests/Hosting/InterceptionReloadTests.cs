using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.EndToEnd.Tests.Mitm;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Hosting;

/// <summary>What is looked into, and what is done to it, changes while the node runs; sessions that are open go on.</summary>
public sealed class InterceptionReloadTests : IDisposable
{
    private readonly TlsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_hundred_reloads_good_and_bad_touch_no_session_that_is_looked_into()
    {
        await using var plain = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        await using var secured = await WebOrigin.StartAsync(_files.Issue("www.test"), HttpProtocols.Http2);
        using var node = await ReloadedNode.StartAsync(Mitm(Rule(0)));
        using var isOver = new CancellationTokenSource();
        var load = Task.WhenAll(
        [
            .. Enumerable.Range(0, 6).Select(_ => AskAsync(node, plain.Url("127.0.0.1", "hello"), HttpVersion.Version11, isOver.Token)),
            .. Enumerable.Range(0, 2).Select(_ => AskAsync(node, secured.Url("127.0.0.1", "hello"), HttpVersion.Version20, isOver.Token)),
        ]);

        for (var i = 1; i <= 100; i++)
        {
            var isGood = i % 2 == 0;
            node.Write(Mitm(isGood ? Rule(i) : "rules = [{ name = bad, match { }, action { blok { status = 403 } } }]"));
            var (status, document) = await node.ReloadAsync();
            Assert.Equal(isGood ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, status);
            if (isGood)
                Assert.Equal((i / 2) + 1, document.GetProperty("config").GetProperty("epoch").GetInt32());
            Assert.False(load.IsCompleted, $"{load.Exception}");
        }

        await isOver.CancelAsync();
        var rounds = await load.InTime();

        // Each has seen rules change on the one connection it had.
        Assert.All(rounds, it => Assert.Equal((true, 1), (it.Last >= 2, it.Connections)));
    }

    [Fact]
    public async Task A_bad_rule_or_inspector_changes_nothing_and_is_named_with_its_line()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        using var node = await ReloadedNode.StartAsync(Mitm(Rule(1)));

        node.Write(Mitm("rules = [\n{ name = bad, match { }, action { blok { status = 403 } } }]\nscope.ports = [1]"));
        AssertError((await node.ReloadAsync()).Document, "akkasocks.mitm.rules", 8);
        node.Write(Mitm("scope.ports = [1]\ninspectors = [{ type = \"No.Such, Assembly\", on-error = open }]"));
        AssertError((await node.ReloadAsync()).Document, "akkasocks.mitm.inspectors", 8);

        Assert.Equal("1", await MarkAsync(node, origin));

        void AssertError(JsonElement problem, string key, int line)
        {
            var errors = problem.GetProperty("errors").EnumerateArray().ToList();
            Assert.NotEmpty(errors);
            Assert.All(errors, error =>
            {
                Assert.StartsWith(key, error.GetProperty("field").GetString(), StringComparison.Ordinal);
                Assert.Equal((node.File, line), (error.GetProperty("source").GetString(), error.GetProperty("line").GetInt32()));
            });
        }
    }

    [Fact]
    public async Task Scope_flows_and_the_switch_hold_for_the_next_tunnel_and_what_cannot_change_is_named()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        using var node = await ReloadedNode.StartAsync(Mitm(Rule(1)));
        Assert.Equal("1", await MarkAsync(node, origin));
        Assert.StartsWith("looked into", await ForeseenAsync());

        // Out of scope a tunnel goes through flows; one that is looked into does not.
        const string Flow = "raw-flows = [{ name = it, match { }, down = [{ replace { text = \"hello by\", with = \"howdy by\" } }] }]\n";
        node.Write(Mitm(Flow + Rule(2)));
        Assert.Equal("akkasocks.mitm.raw-flows akkasocks.mitm.rules", await AppliedAsync(node));
        Assert.Equal(("2", "hello by HTTP/1.1"), await GetAsync(node, origin));
        node.Write(Mitm(Flow + Rule(2) + "\nscope.exclude = [\"*\"]\nca.dir = \"/elsewhere\""));
        Assert.Equal("akkasocks.mitm.scope.exclude", await AppliedAsync(node, "akkasocks.mitm.ca.dir"));
        Assert.Equal((null, "howdy by HTTP/1.1"), await GetAsync(node, origin));
        await node.LineAsync("WARNING: interception is on");

        node.Write(Mitm("").Replace("enabled = on", "enabled = off"));
        Assert.Equal(
            "akkasocks.mitm.enabled akkasocks.mitm.raw-flows akkasocks.mitm.rules akkasocks.mitm.scope.exclude",
            await AppliedAsync(node));
        Assert.Equal((null, "hello by HTTP/1.1"), await GetAsync(node, origin));
        Assert.False((await node.AskAsync(HttpMethod.Get, "/v1/interception", AdminNode.Token)).Document.GetProperty("enabled").GetBoolean());
        Assert.Equal("untouched: interception is off", await ForeseenAsync());

        async Task<string?> ForeseenAsync() =>
            (await node.AskAsync(HttpMethod.Get, "/v1/explain?destination=127.0.0.1:80", AdminNode.Token)).Document
            .GetProperty("steps").EnumerateArray().Last().GetProperty("words").GetString();
    }

    private string Mitm(string more) =>
        $$"""
        akkasocks.mitm { enabled = on, scope { include = ["127.0.0.0/8"], ports = ["1-65535"] }, upstream.verify = off
        ca.dir = "{{_files.Path("ca")}}", sniff.timeout = 1m
        {{more}}
        }
        """;

    private static string Rule(int round) =>
        $"rules = [{{ name = mark, match {{ }}, action {{ response {{ set {{ X-Round = \"{round}\" }} }} }} }}]";

    /// <summary>One client that asks all the time, by one connection.</summary>
    /// <returns>Of which rule the last answer was, and how many connections it took.</returns>
    private static async Task<(int Last, int Connections)> AskAsync(ReloadedNode node, string url, Version version, CancellationToken isOver)
    {
        var connections = 0;
        using var client = ClientOf(node, () => Interlocked.Increment(ref connections));
        var last = 0;
        while (!isOver.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url)
            {
                Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var answer = await client.SendAsync(request).InTime();
            Assert.StartsWith("hello by", await answer.Content.ReadAsStringAsync());
            var round = int.Parse(answer.Headers.GetValues("X-Round").Single());
            Assert.InRange(round, last, 100);
            last = round;
        }

        return (last, connections);
    }

    private static HttpClient ClientOf(ReloadedNode node, Action? connecting = null) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancel) =>
        {
            connecting?.Invoke();
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
        Proxy = new WebProxy($"socks5://{node.Socks}"),
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });

    private static async Task<string?> MarkAsync(ReloadedNode node, WebOrigin origin) => (await GetAsync(node, origin)).Mark;

    private static async Task<(string? Mark, string Body)> GetAsync(ReloadedNode node, WebOrigin origin)
    {
        using var client = ClientOf(node);
        using var answer = await client.GetAsync(new Uri(origin.Url("127.0.0.1", "hello"))).InTime();
        return (answer.Headers.TryGetValues("X-Round", out var marks) ? marks.Single() : null, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The keys that a reload has applied, those that wait for a restart being as expected.</summary>
    private static async Task<string> AppliedAsync(ReloadedNode node, string waiting = "")
    {
        var (status, document) = await node.ReloadAsync();
        Assert.True(status == HttpStatusCode.OK, $"{document}");
        Assert.Equal(waiting, Texts("needRestart"));
        return Texts("applied");

        string Texts(string name) => string.Join(' ', document.GetProperty(name).EnumerateArray().Select(it => it.GetString()));
    }
}
