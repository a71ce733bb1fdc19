using System.Net;
using Akka.Event;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Server.Hosting;
using AkkaSocks.Server.Verbs;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Hosting;

/// <summary>A node reads its configuration again: by signal, by the API, by a look at its files.</summary>
public sealed class ConfigReloadTests
{
    private const int SigHup = 1;
    private const string NoLoopback = "akkasocks.egress.allow = []\n";

    /// <summary>A signal and a watched file have nobody who would hear of it, and neither may end the node.</summary>
    [Fact]
    public async Task What_nobody_foresaw_is_told_as_a_problem_and_the_next_reload_has_its_turn()
    {
        Assert.True(ConfigOptions.TryLoad([], [], out var started, out _));
        using var reload = new ConfigReload(
            () => new ConfigReading(started, []), started, () => throw new IOException("the disk is on fire"), _ => () => { }, NoLogger.Instance);

        for (var i = 0; i < 2; i++)
        {
            var outcome = await reload.ReloadAsync("the test").InTime();
            Assert.Contains("the disk is on fire", Assert.Single(outcome.Problems).ToString());
            Assert.Equal(1, outcome.Config.Epoch);
        }
    }

    [Fact]
    public async Task A_hundred_reloads_good_and_bad_touch_no_session()
    {
        using var node = await ReloadedNode.StartAsync();
        using var origin = Origin.Echo();
        var sessions = new List<SocksClient>();
        for (var i = 0; i < 20; i++)
            sessions.Add(await SocksClient.OpenAsync(node.Socks, origin.Endpoint));
        using var isOver = new CancellationTokenSource();
        var load = Task.WhenAll([.. sessions.Select(it => TalkAsync(it, isOver.Token)), .. Enumerable.Range(0, 4).Select(_ => ComeAndGoAsync(node.Socks, origin.Endpoint, isOver.Token))]);

        for (var i = 0; i < 100; i++)
        {
            var isGood = i % 2 == 0;
            node.Write(isGood ? $"akkasocks.limits.max-sessions-per-address = {1000 + i}" : "akkasocks.limits.max-sessions = many");
            var (status, document) = await node.ReloadAsync();
            Assert.Equal(isGood ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, status);
            if (isGood)
                Assert.Equal((i / 2) + 2, document.GetProperty("config").GetProperty("epoch").GetInt32());
            Assert.False(load.IsFaulted, load.Exception?.ToString());
        }

        await isOver.CancelAsync();
        await load;
        sessions.ForEach(it => it.Dispose());
    }

    [Fact]
    public async Task A_mistake_changes_nothing_and_is_told_with_key_file_and_line()
    {
        using var node = await ReloadedNode.StartAsync();
        using var origin = Origin.Echo();
        node.Write(NoLoopback + "akkasocks.limits.max-sessions = many");

        var (status, problem) = await node.ReloadAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal("urn:akkasocks:problem:bad-configuration", problem.GetProperty("type").GetString());
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(("akkasocks.limits.max-sessions", node.File, 6), (
            error.GetProperty("field").GetString(), error.GetProperty("source").GetString(), error.GetProperty("line").GetInt32()));
        var verb = await node.RunAsync("reload");
        Assert.Equal((1, ""), (verb.ExitCode, verb.Output));
        Assert.StartsWith($"akkasocks: {node.File}:6: akkasocks.limits.max-sessions = \"many\": expected auto or", verb.Errors);
        await node.LineAsync($"{node.File}:6: akkasocks.limits.max-sessions", times: 2);
        (await SocksClient.OpenAsync(node.Socks, origin.Endpoint)).Dispose();
    }

    [Fact]
    public async Task A_port_that_another_has_is_a_mistake_too()
    {
        using var node = await ReloadedNode.StartAsync();
        using var other = Origin.Echo();
        node.Write($"akkasocks.listeners.second.endpoint = \"{other.Endpoint}\"");

        var (_, problem) = await node.ReloadAsync();

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(("akkasocks.listeners.second.endpoint", 5), (error.GetProperty("field").GetString(), error.GetProperty("line").GetInt32()));
        Assert.Contains("another process listens there", error.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_hangup_reloads_and_nodes_tell_what_they_go_by()
    {
        using var node = await ReloadedNode.StartAsync();
        using var origin = Origin.Echo();
        Assert.Contains(" 1 ", (await node.RunAsync("nodes")).Output);
        node.Write(NoLoopback + "akkasocks.transport.backlog = 77");

        node.Signal(SigHup);

        var line = await node.LineAsync("Configuration 2 (");
        Assert.Contains("by SIGHUP; changed: akkasocks.egress.allow; needs a restart: akkasocks.transport.backlog.", line);
        var hash = line.Split("Configuration 2 (")[1].Split(')')[0];
        Assert.Contains($" 2 {hash}, needs a restart ", (await node.RunAsync("nodes")).Output);
        using var late = await SocksClient.ConnectAsync(node.Socks);
        await late.GreetAsync();
        await late.SendAsync(SocksClient.Connect(origin.Endpoint));
        await late.ExpectAsync([5, 2]);

        // The same again is nothing new.
        var verb = await node.RunAsync("reload");
        Assert.Equal((0, $"configuration 2 ({hash})\nnothing new to apply\nneeds a restart: akkasocks.transport.backlog\n"), (verb.ExitCode, verb.Output));
    }

    [Fact]
    public async Task Its_files_are_watched_when_that_is_asked_for()
    {
        using var node = await ReloadedNode.StartAsync("akkasocks.config.watch = on");

        node.Write("akkasocks.config.watch = on\nakkasocks.limits.max-sessions = many");
        await node.LineAsync("is refused, which a change of its files");
        node.Write("akkasocks.config.watch = on\nakkasocks.limits.max-sessions = 9");
        await node.LineAsync("Configuration 2 (");
    }

    [Fact]
    public async Task Tokens_and_the_level_of_the_log_change_too()
    {
        const string Reader = "zyxwvutsrqponmlkjihgfedcba-0123456789_ABCDEF";
        using var node = await ReloadedNode.StartAsync("akkasocks.log.level = error");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(node, Reader));
        node.Write($"akkasocks.admin.read-token = \"{Reader}\"\nakkasocks.log.level = info");

        Assert.Equal(HttpStatusCode.OK, (await node.ReloadAsync()).Status);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, Reader));
        await node.LineAsync("Configuration 2 (");
    }

    private static async Task<HttpStatusCode> StatusAsync(ReloadedNode node, string token) =>
        (await node.AskAsync(HttpMethod.Get, "/v1/nodes", token)).Status;

    private static async Task TalkAsync(SocksClient session, CancellationToken isOver)
    {
        byte[] word = [1, 2, 3, 4, 5, 6, 7, 8];
        while (!isOver.IsCancellationRequested)
        {
            await session.SendAsync(word);
            await session.ExpectAsync(word);
        }
    }

    private static async Task ComeAndGoAsync(IPEndPoint proxy, IPEndPoint destination, CancellationToken isOver)
    {
        while (!isOver.IsCancellationRequested)
            (await SocksClient.OpenAsync(proxy, destination)).Dispose();
    }
}
