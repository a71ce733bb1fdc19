using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Sessions.Explaining;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions.Explaining;

/// <summary>An explanation is worth something when sessions are told the same: each is compared with what a client was told.</summary>
public sealed class ExplainerTests
{
    private static readonly ProxySettings Settings = TestSettings.Default with
    {
        Auth = TestSettings.Default.Auth with
        {
            Methods = [AcceptedMethod.Password],
            Users =
            [
                new("alice", TestLogin.CheapHashOfS3cret, 1, null),
                new("bob", TestLogin.CheapHashOfS3cret, null, CommandSet.UdpAssociate),
                new("carol", TestLogin.CheapHashOfS3cret, null, null),
            ],
        },
    };

    [Theory]
    [InlineData("alice", "127.0.0.1", Command.Connect, null)]
    [InlineData("bob", "127.0.0.1", Command.Connect, "command-not-allowed")]
    [InlineData("carol", "10.0.0.5", Command.Connect, "special-purpose-address")]
    [InlineData("carol", "0.0.0.0", Command.Connect, "special-purpose-address")]
    [InlineData("carol", "2002:a00:5::", Command.Connect, "special-purpose-address")]
    [InlineData("carol", "127.0.0.1", Command.Bind, "command-not-supported")]
    [InlineData("mallory", "127.0.0.1", Command.Connect, "bad-credentials")]
    public async Task A_session_is_told_what_the_explanation_says(string user, string address, Command command, string? reason)
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(Settings);
        var destination = new IPEndPoint(IPAddress.Parse(address), origin.Endpoint.Port);

        var steps = await ExplainAsync(node, user, destination, command);
        Assert.Equal(reason, steps[^1].Reason);
        Assert.All(steps.SkipLast(1), step => Assert.Null(step.Reason));
        Assert.Equal(steps.Select(step => step.Stage).Order(), steps.Select(step => step.Stage));

        Assert.Equal(reason, await ToldAsync(node, user, destination, command));
    }

    [Fact]
    public async Task What_changes_while_the_node_runs_is_seen_as_sessions_see_it()
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(Settings);
        using var first = await SocksClient.ConnectAsync(node.Endpoint);
        Assert.Equal(ReplyCode.Succeeded, await first.LoginAsync("alice", "s3cret", origin.Endpoint));
        Assert.Equal("too-many-sessions-of-user", await ExplainedAndToldAsync(node, "alice", origin.Endpoint));

        await node.AskAsync<AuthRegistry.BanImposed>(new AuthRegistry.ImposeBan(BanTarget.Of(UserName.FromText("carol")), null, "spam"));
        Assert.Equal("user-banned", await ExplainedAndToldAsync(node, "carol", origin.Endpoint));
        await node.AskAsync<AuthRegistry.BanImposed>(new AuthRegistry.ImposeBan(BanTarget.Of(ClientNetwork.Of(IPAddress.Loopback)), null, null));
        Assert.Equal("address-banned", await ExplainedAndToldAsync(node, "bob", origin.Endpoint));
    }

    [Fact]
    public async Task A_node_that_drains_and_a_port_of_its_own_are_told()
    {
        await using var node = await TestNode.StartAsync(Settings);
        Assert.Equal("own-endpoint", (await ExplainAsync(node, "carol", node.Endpoint, Command.Connect))[^1].Reason);
        node.Node.Drain.Begin(DrainCause.Operator);
        node.Node.Drain.Close();
        var last = (await ExplainAsync(node, "carol", new IPEndPoint(IPAddress.Loopback, 1), Command.Connect))[^1];
        Assert.Equal((ExplainedStage.Node, "node-stopping"), (last.Stage, last.Reason));
    }

    [Fact]
    public async Task The_key_that_decides_is_named()
    {
        await using var node = await TestNode.StartAsync(Settings);

        Assert.Equal("akkasocks.egress.special-purpose", await KeyAsync("carol", "10.0.0.5", Command.Connect));
        Assert.Equal("", await KeyAsync("carol", "224.0.0.1", Command.Connect));
        Assert.Equal("akkasocks.egress.allow.0", await KeyAsync("carol", "127.0.0.2", Command.Connect));
        Assert.Equal("akkasocks.auth.users.bob.commands", await KeyAsync("bob", "127.0.0.2", Command.Connect));
        Assert.Equal("akkasocks.bind.enabled", await KeyAsync("carol", "127.0.0.2", Command.Bind));

        async Task<string> KeyAsync(string user, string address, Command command) =>
            string.Join('.', (await ExplainAsync(node, user, new IPEndPoint(IPAddress.Parse(address), 80), command))
                .Last(step => step.Stage != ExplainedStage.Interception).Key);
    }

    [Fact]
    public async Task What_is_allowed_is_told_whether_it_would_be_looked_into()
    {
        await using var node = await TestNode.StartAsync(Settings);

        var last = (await ExplainAsync(node, "carol", new IPEndPoint(IPAddress.Loopback, 80), Command.Connect))[^1];
        Assert.Equal((ExplainedStage.Interception, "akkasocks.mitm.enabled"), (last.Stage, string.Join('.', last.Key)));
        Assert.NotEqual(
            ExplainedStage.Interception, (await ExplainAsync(node, "bob", new IPEndPoint(IPAddress.Loopback, 53), Command.UdpAssociate))[^1].Stage);
        Assert.NotEqual(
            ExplainedStage.Interception, (await ExplainAsync(node, "carol", new IPEndPoint(IPAddress.Parse("10.0.0.5"), 80), Command.Connect))[^1].Stage);
    }

    [Fact]
    public async Task Datagrams_to_an_amplifier_are_dropped_and_nobody_is_told()
    {
        await using var node = await TestNode.StartAsync(Settings);

        var last = (await ExplainAsync(node, "bob", new IPEndPoint(IPAddress.Loopback, 19), Command.UdpAssociate))[^1];

        Assert.Equal(("denied", Refusal.None), (last.Reason, last.Refusal));
        Assert.Null((await ExplainAsync(node, "bob", new IPEndPoint(IPAddress.Loopback, 53), Command.UdpAssociate))[^1].Reason);
    }

    [Fact]
    public async Task Without_a_user_it_depends_on_whether_clients_must_log_in()
    {
        await using var open = await TestNode.StartAsync(TestSettings.Default);
        await using var closed = await TestNode.StartAsync(Settings);
        var question = new ExplainQuestion(null, Command.Connect, Destination.OfAddress(IPAddress.Loopback, 1), null);

        Assert.Null((await open.Node.Explainer!.ExplainAsync(question, default))[^1].Reason);
        Assert.Equal("no-acceptable-method", (await closed.Node.Explainer!.ExplainAsync(question, default))[^1].Reason);
    }

    [Fact]
    public async Task An_explanation_takes_no_place()
    {
        await using var node = await TestNode.StartAsync(Settings);
        for (var i = 0; i < 3; i++)
            Assert.Null((await ExplainAsync(node, "alice", new IPEndPoint(IPAddress.Loopback, 80), Command.Connect))[^1].Reason);
        Assert.Equal(0, node.Node.Gate.Sessions);
    }

    private static async Task<string?> ExplainedAndToldAsync(TestNode node, string user, IPEndPoint destination)
    {
        var explained = (await ExplainAsync(node, user, destination, Command.Connect))[^1].Reason;
        Assert.Equal(explained, await ToldAsync(node, user, destination, Command.Connect));
        return explained;
    }

    private static async Task<IReadOnlyList<ExplainedStep>> ExplainAsync(TestNode node, string user, IPEndPoint destination, Command command) =>
        await node.Node.Explainer!.ExplainAsync(
            new ExplainQuestion(
                UserName.FromText(user), command, Destination.OfAddress(destination.Address, (ushort)destination.Port), IPAddress.Loopback),
            default).InTime();

    // What a session is refused for; null when it is not.
    private static async Task<string?> ToldAsync(TestNode node, string user, IPEndPoint destination, Command command)
    {
        var before = await RefusedAsync(node);
        if (await IsCarriedAsync(node, user, destination, command))
            return null;
        var after = before;
        await Eventually.TrueAsync(() => (after = RefusedAsync(node).Result).Length > before.Length, "the session to end");
        return Assert.Single(after, it => !before.Any(old => old.Id == it.Id)).Reason;
    }

    private static async Task<bool> IsCarriedAsync(TestNode node, string user, IPEndPoint destination, Command command)
    {
        using var client = await SocksClient.ConnectAsync(node.Endpoint);
        await client.SendAsync([5, 1, 2]);
        await client.ExpectAsync(5, 2);
        byte[] name = System.Text.Encoding.ASCII.GetBytes(user), password = "s3cret"u8.ToArray();
        await client.SendAsync([1, (byte)name.Length, .. name, (byte)password.Length, .. password]);
        if ((await client.ReceiveAsync(2))[1] != 0)
            return false;
        await client.SendAsync(SocksClient.RequestFor(destination, command));
        return (await client.ReceiveReplyAsync()).Code == ReplyCode.Succeeded;
    }

    private static async Task<ImmutableArray<RefusedSession>> RefusedAsync(TestNode node) =>
        (await node.AskAsync<AuthRegistry.Refusals>(new AuthRegistry.GetRefusals(default, 100))).Items;
}
