using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>BIND on the wire: rows B1 to B7 and S15.</summary>
public sealed class BindTests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    private const byte Bind = 2;
    private static readonly IPAddress Named = IPAddress.Loopback, Stranger = IPAddress.Parse("127.0.0.9");
    private static readonly byte[] Request = Wire.Request(Bind, new IPEndPoint(Named, 21));

    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.EpollFlow, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task B1_the_port_is_told_then_the_caller_and_then_it_is_a_tunnel(Engine engine)
    {
        using var client = await GreetedAsync(engine);
        await client.SendAsync(Request);
        var port = await PortAsync(client);
        Assert.Equal(Named, port.Address);

        using var caller = await CallAsync(Named, port);
        await client.ExpectAsync(Wire.Granting((IPEndPoint)caller.Socket.LocalEndPoint!));
        await caller.SendAsync([.. "220 hello"u8]);
        await client.ExpectAsync([.. "220 hello"u8]);
        await client.SendAsync([.. "bytes"u8]);
        client.ShutdownSend();
        await caller.ExpectLastAsync([.. "bytes"u8]);
        caller.ShutdownSend();
        await client.ExpectLastAsync();
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B2_where_it_is_off_it_is_a_command_that_is_not_known(Engine engine)
    {
        using var client = await (await nodes.NodeAsync(engine, AcceptedMethod.None)).ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Request]);
        await client.ExpectLastAsync([5, 0, .. Wire.Refusing(7)]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B2_a_user_without_the_command_may_not(Engine engine)
    {
        await using var node = await TestNode.StartAsync(With(engine, it => it, AcceptedMethod.Password, CommandSet.Connect));
        using var client = await node.ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret"), .. Request]);
        await client.ExpectLastAsync([5, 2, 1, 0, .. Wire.Refusing(2)]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task S15_a_stranger_who_calls_first_a_thousand_times_never_gets_through(Engine engine)
    {
        using var client = await GreetedAsync(engine);
        await client.SendAsync(Request);
        var port = await PortAsync(client);
        for (var i = 0; i < 1000; i++)
        {
            await ResetStrangerAsync(port);
        }

        using var caller = await CallAsync(Named, port);
        await caller.SendAsync(1, 2, 3);
        await client.ExpectAsync([.. Wire.Granting((IPEndPoint)caller.Socket.LocalEndPoint!), 1, 2, 3]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B3_in_SOCKS4_a_stranger_ends_it(Engine engine)
    {
        using var client = await (await NodeAsync(engine)).ConnectAsync();
        await client.SendAsync(Wire.Socks4(Bind, new IPEndPoint(Named, 21)));
        var port = await Socks4PortAsync(client);
        await ResetStrangerAsync(port);
        await client.ExpectLastAsync(Wire.Socks4Refusal);
        await AssertFreeAsync(port);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F5_in_SOCKS4_the_caller_is_told_too(Engine engine)
    {
        foreach (var request in new[] { Wire.Socks4(Bind, new IPEndPoint(Named, 0)), Wire.Socks4A(Bind, "localhost", 0) })
        {
            using var client = await (await NodeAsync(engine)).ConnectAsync();
            await client.SendAsync(request);
            var port = await Socks4PortAsync(client);
            using var caller = await CallAsync(Named, port);
            Assert.Equal((IPEndPoint)caller.Socket.LocalEndPoint!, await Socks4PortAsync(client));
            await caller.SendAsync(7);
            await client.ExpectAsync(7);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B4_who_names_nobody_is_refused_unless_it_is_allowed(Engine engine)
    {
        var anybody = Wire.Request(Bind, new IPEndPoint(IPAddress.Any, 0));
        using var refused = await GreetedAsync(engine);
        await refused.SendAsync(anybody);
        await refused.ExpectLastAsync(Wire.Refusing(2));

        var node = await nodes.NodeAsync(engine, "bind any", () => With(engine, it => it with { AllowAnyPeer = true }));
        using var client = await GreetedAsync(node);
        await client.SendAsync(anybody);
        using var caller = await CallAsync(Stranger, await PortAsync(client));
        await client.ExpectAsync(Wire.Granting((IPEndPoint)caller.Socket.LocalEndPoint!));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B4_whom_policy_denies_cannot_be_named(Engine engine)
    {
        foreach (var address in new[] { "10.0.0.1", "169.254.169.254", "224.0.0.1" })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Request(Bind, new IPEndPoint(IPAddress.Parse(address), 21)));
            await client.ExpectLastAsync(Wire.Refusing(2));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B5_one_call_is_answered_and_the_port_is_closed_before_that_is_told(Engine engine)
    {
        using var client = await GreetedAsync(engine);
        await client.SendAsync(Request);
        var port = await PortAsync(client);
        using var caller = await CallAsync(Named, port);
        await client.ExpectAsync(5, 0, 0);
        await Assert.ThrowsAsync<SocketException>(() => CallAsync(Named, port));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B5_nobody_is_waited_for_for_ever(Engine engine)
    {
        var node = await nodes.NodeAsync(engine, "bind short", () => With(engine, it => it with { Timeout = TimeSpan.FromMilliseconds(300) }));
        using var client = await GreetedAsync(node);
        await client.SendAsync(Request);
        var port = await PortAsync(client);
        await client.ExpectLastAsync(Wire.Refusing(6));
        await AssertFreeAsync(port);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B5_a_client_that_closes_or_resets_gives_the_port_back(Engine engine)
    {
        foreach (var reset in new[] { false, true })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync([.. Request, .. "early"u8]);
            var port = await PortAsync(client);
            if (reset)
                client.Reset();
            else
                client.ShutdownSend();
            await AssertFreeAsync(port);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B6_an_address_written_as_a_name_names_that_address(Engine engine)
    {
        using var client = await GreetedAsync(engine);
        await client.SendAsync([5, Bind, 0, 3, 9, .. "127.0.0.1"u8, 0, 21]);
        using var caller = await CallAsync(Named, await PortAsync(client));
        await client.ExpectAsync(5, 0, 0);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B7_what_the_client_sends_between_the_replies_is_the_first_the_caller_gets(Engine engine)
    {
        using var client = await GreetedAsync(engine);
        await client.SendAsync([.. Request, .. "one "u8]);
        var port = await PortAsync(client);
        var long2 = new byte[5000];
        await client.SendAsync([.. "two "u8, .. long2]);
        using var caller = await CallAsync(Named, port);
        await caller.ExpectAsync([.. "one two "u8, .. long2]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Ports_are_of_the_range_and_when_all_are_taken_it_is_refused(Engine engine)
    {
        var first = FreePort();
        await using var node = await TestNode.StartAsync(With(
            engine, it => it with { Ports = new PortRange(first, first), AdvertisedAddress = IPAddress.Parse("198.51.100.7") }));
        using var client = await GreetedAsync(node);
        await client.SendAsync(Request);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("198.51.100.7"), first), await PortAsync(client));

        using var second = await GreetedAsync(node);
        await second.SendAsync(Request);
        await second.ExpectLastAsync(Wire.Refusing(1));

        client.ShutdownSend();
        await AssertFreeAsync(new IPEndPoint(Named, first));
        using var third = await GreetedAsync(node);
        await third.SendAsync(Request);
        Assert.Equal(first, (await PortAsync(third)).Port);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_log_says_who_was_named_and_who_has_called(Engine engine)
    {
        await using var node = await TestNode.StartAsync(With(engine));
        IPEndPoint called;
        using (var client = await GreetedAsync(node))
        {
            await client.SendAsync(Request);
            using var caller = await CallAsync(Named, await PortAsync(client));
            called = (IPEndPoint)caller.Socket.LocalEndPoint!;
            await client.ExpectAsync(5, 0, 0);
            await caller.SendAsync(1, 2, 3);
            await client.ReceiveAsync(7 + 3);
            caller.ShutdownSend();
            client.ShutdownSend();
            await client.ExpectLastAsync();
        }

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("bind", line.GetProperty("command").GetString());
        Assert.Equal("127.0.0.1:21", line.GetProperty("destination").GetString());
        Assert.Equal(called.ToString(), line.GetProperty("address").GetString());
        Assert.Equal(("completed", 3), (line.GetProperty("end").GetString(), line.GetProperty("destinationToClient").GetInt64()));
    }

    private static ProxySettings With(
        Engine engine, Func<BindSettings, BindSettings> change, AcceptedMethod method = AcceptedMethod.None, CommandSet? commands = null)
    {
        var settings = SharedNodes.Accepting(engine, method)
            .With(it => it with { Protocols = [ListenerProtocol.Socks5, ListenerProtocol.Socks4] });
        return settings with
        {
            Bind = change(settings.Bind with { Enabled = true }),
            Auth = settings.Auth with { Users = [new UserSettings("alice", TestLogin.CheapHashOfS3cret, null, commands)] },
        };
    }

    private static ProxySettings With(Engine engine) => With(engine, it => it);

    private Task<TestNode> NodeAsync(Engine engine) => nodes.NodeAsync(engine, "bind", () => With(engine));

    private async Task<SocksClient> GreetedAsync(Engine engine) => await GreetedAsync(await NodeAsync(engine));

    private static async Task<SocksClient> GreetedAsync(TestNode node)
    {
        var client = await node.ConnectAsync();
        await client.SendAsync(Wire.GreetingWithoutAuthentication);
        await client.ExpectAsync(5, 0);
        return client;
    }

    private static async Task<IPEndPoint> PortAsync(SocksClient client)
    {
        var (code, bound) = await client.ReceiveReplyAsync();
        Assert.Equal(ReplyCode.Succeeded, code);
        Assert.NotEqual(0, bound.Port);
        return new IPEndPoint(bound.Address!, bound.Port);
    }

    private static async Task<IPEndPoint> Socks4PortAsync(SocksClient client)
    {
        var reply = await client.ReceiveAsync(8);
        Assert.Equal((0, 0x5A), (reply[0], reply[1]));
        return new IPEndPoint(new IPAddress(reply.AsSpan(4)), (reply[2] << 8) | reply[3]);
    }

    private static async Task<SocksClient> CallAsync(IPAddress from, IPEndPoint port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(port).InTime();
            return new SocksClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A stranger calls and is reset, which may come so soon that its connecting fails by it.</summary>
    private static async Task ResetStrangerAsync(IPEndPoint port)
    {
        try
        {
            using var stranger = await CallAsync(Stranger, port);
            await stranger.ExpectResetAsync();
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // While connecting.
        }
    }

    /// <summary>Looks whether anybody listens there without calling.</summary>
    private static Task AssertFreeAsync(IPEndPoint port) => Eventually.TrueAsync(
        () => !System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Contains(port),
        $"nobody to listen on {port}");

    private static int FreePort()
    {
        using var probe = new Origin();
        return probe.Endpoint.Port;
    }
}
