using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth;
using AkkaSocks.Proxy.Tests.Clustering;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Listening;

/// <summary>A running node goes by other settings: new sessions at once, running ones never.</summary>
public sealed class ReloadTests
{
    private static readonly byte[] Word = [7, 8, 9];

    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task New_sessions_go_by_other_rules_and_running_ones_live_on(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        using var running = await node.OpenAsync(origin.Endpoint);

        node.Node.Reload(settings with { Egress = settings.Egress with { Allow = [] } });

        using var late = await node.ConnectAsync();
        Assert.Equal(ReplyCode.NotAllowed, (await RequestAsync(late, origin.Endpoint)).Code);
        await EchoesAsync(running);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Listeners_come_go_and_move(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        var first = node.Endpoint;
        using var running = await node.OpenAsync(origin.Endpoint);

        node.Node.Reload(settings with { Listeners = [settings.Listeners[0], Listener("second", 0)] });
        Assert.Equal(["main", "second"], node.Node.Endpoints.Select(it => it.Name));
        Assert.Equal(first, node.Node.Endpoints[0].Bound);
        var second = node.Node.Endpoints[1].Bound;
        (await SocksClient.ConnectAsync(second)).Dispose();

        // Its port gets another name, and the first listener goes: nothing is closed that stays.
        node.Node.Reload(settings with { Listeners = [Listener("renamed", second.Port), Listener("second", 0)] });
        await Assert.ThrowsAsync<SocketException>(() => SocksClient.ConnectAsync(first));
        await EchoesAsync(running);
        node.Node.Reload(settings with { Listeners = [Listener("renamed", second.Port)] });
        Assert.Equal([("renamed", second)], node.Node.Endpoints);
        using (var client = await SocksClient.ConnectAsync(second))
            await client.HandshakeAsync(origin.Endpoint);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_cannot_be_bound_changes_nothing(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings);
        using var taken = new Origin();
        using var origin = Origin.Echo();
        var before = node.Node.Endpoints;

        var failed = Assert.Throws<BindFailedException>(() => node.Node.Reload(settings with
        {
            Listeners = [Listener("good", 0), Listener("bad", taken.Endpoint.Port)],
            Egress = settings.Egress with { Allow = [] },
            Limits = settings.Limits with { MaxSessions = 1 },
        }));

        Assert.Equal("bad", failed.Listener.Name);
        Assert.Equal(before, node.Node.Endpoints);
        Assert.Same(settings.Limits, node.Node.Gate.Limits);
        using (await node.OpenAsync(origin.Endpoint))
        {
            // As before.
        }
    }

    [Fact]
    public async Task Limits_count_for_whoever_comes_then()
    {
        var settings = TestSettings.Default;
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        using var one = await node.OpenAsync(origin.Endpoint);
        using var two = await node.OpenAsync(origin.Endpoint);

        node.Node.Reload(settings with { Limits = settings.Limits with { MaxSessions = 1 } });
        using (var late = await node.ConnectAsync())
            Assert.Empty(await late.ReceiveToEndAsync());
        await EchoesAsync(one);
        await EchoesAsync(two);

        node.Node.Reload(settings);
        using (await node.OpenAsync(origin.Endpoint))
        {
            // Let in again.
        }
    }

    [Fact]
    public async Task Users_come_and_go_and_only_those_that_are_gone_lose_their_sessions()
    {
        UserSettings[] both = [new("alice", TestLogin.CheapHashOfS3cret, null, null), new("bob", TestLogin.CheapHashOfS3cret, null, null)];
        var settings = TestSettings.Default with
        {
            Auth = TestSettings.Default.Auth with { Methods = [AcceptedMethod.Password], Users = [both[0]] },
        };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        using var alice = await node.ConnectAsync();
        await alice.LoginAsync("alice", "s3cret", origin.Endpoint);

        node.Node.Reload(settings with { Auth = settings.Auth with { Users = [.. both] } });
        using var bob = await node.ConnectAsync();
        Assert.Equal(ReplyCode.Succeeded, await bob.LoginAsync("bob", "s3cret", origin.Endpoint));
        await EchoesAsync(alice);

        node.Node.Reload(settings with { Auth = settings.Auth with { Users = [both[1]] } });
        await alice.ExpectResetAsync();
        await EchoesAsync(bob);
        using var late = await node.ConnectAsync();
        await late.FailToLogInAsync("alice", "s3cret");
    }

    [Fact]
    public async Task Another_certificate_and_TLS_itself_come_with_a_reload()
    {
        using var authority = new TestAuthority();
        var settings = TestSettings.Default;
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        using var running = await node.OpenAsync(origin.Endpoint);
        var secured = settings.Secured(TestTls.For(authority));

        node.Node.Reload(secured);
        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint))
            await client.HandshakeAsync(origin.Endpoint);
        await EchoesAsync(running);

        await File.WriteAllTextAsync(secured.Listeners[0].Tls!.Certificate, "no certificate");
        var failed = Assert.Throws<CertificateUnavailableException>(() => node.Node.Reload(secured));
        Assert.Equal("main", failed.Listener);
        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint))
            await client.HandshakeAsync(origin.Endpoint);
    }

    private static ListenerSettings Listener(string name, int port) =>
        new(name, new IPEndPoint(IPAddress.Loopback, port), [ListenerProtocol.Socks5]) { ProxyProtocol = null, Tls = null };

    private static async Task EchoesAsync(SocksClient client)
    {
        await client.SendAsync(Word);
        await client.ExpectAsync(Word);
    }

    private static async Task<(ReplyCode Code, Destination Bound)> RequestAsync(SocksClient client, IPEndPoint destination)
    {
        await client.SendAsync(5, 1, 0);
        await client.ExpectAsync(5, 0);
        await client.SendAsync(SocksClient.RequestFor(destination));
        return await client.ReceiveReplyAsync();
    }
}
