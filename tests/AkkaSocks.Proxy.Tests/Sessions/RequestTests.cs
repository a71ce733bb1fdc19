using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>Requests and replies on the wire: rows R1 to R17 and S5.</summary>
public sealed class RequestTests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task R1_the_reply_names_the_address_that_the_destination_sees(Engine engine)
    {
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using var origin = new Origin(address);
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(origin.Endpoint));
            using var served = await origin.AcceptAsync();
            await client.ExpectAsync(Wire.Granting((IPEndPoint)served.RemoteEndPoint!));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R1_the_address_is_hidden_where_the_settings_say_so(Engine engine)
    {
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.None);
        settings = settings with { Egress = settings.Egress with { HideBoundAddress = true } };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = new Origin();
        using var client = await node.ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(origin.Endpoint)]);
        await client.ExpectAsync(5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R2_the_reserved_byte_of_a_request_is_not_looked_at(Engine engine)
    {
        using var origin = new Origin();
        using var client = await GreetedAsync(engine);
        var request = Wire.Connect(origin.Endpoint);
        request[2] = 0xFF;
        await client.SendAsync(request);
        await client.ExpectAsync(5, 0, 0);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R3_a_request_of_another_version_is_refused(Engine engine)
    {
        foreach (byte version in new byte[] { 4, 0, 6, 0x47 })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(version, 1, 0, 1, 127, 0, 0, 1, 0, 80);
            await client.ExpectLastAsync(Wire.Refusing(1));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R4_a_command_that_is_not_carried_is_refused_once_its_request_is_read(Engine engine)
    {
        foreach (byte command in new byte[] { 0, 2, 4, 0x7F, 0xF0, 0xFF })
        {
            using var client = await GreetedAsync(engine);
            var request = Wire.Connect("example.com", 80);
            request[1] = command;
            await client.SendAsync(request[..^1]);
            await client.SendAsync(request[^1]);
            await client.ExpectLastAsync(Wire.Refusing(7));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R5_an_unknown_address_type_is_refused_at_once(Engine engine)
    {
        foreach (byte type in new byte[] { 0, 2, 5, 0xFF })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(5, 1, 0, type);
            await client.ExpectLastAsync(Wire.Refusing(8));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R6_to_R8_a_name_that_must_not_be_looked_up_is_refused(Engine engine)
    {
        string[] names =
        [
            "", "127.0.0.1\0.example.com", "a b", "a/b", "a\\b", "a@b", "a%b", "[::1]", "a\"b", "a'b", "a`b", "a\rb",
            "\u007f", "\u0001", "é", ".", "..", "a..b", ".a", new string('a', 64), new string('a', 255),
            string.Join('.', Enumerable.Repeat(new string('a', 63), 4))[..254],
        ];
        foreach (var name in names)
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(name, 80));
            await client.ExpectLastAsync(Wire.Refusing(4));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R9_an_address_written_as_a_name_is_that_address(Engine engine)
    {
        using var four = new Origin();
        using var six = new Origin(IPAddress.IPv6Loopback);
        foreach (var (name, origin) in new[] { ("127.0.0.1", four), ("::ffff:127.0.0.1", four), ("::1", six) })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(name, origin.Endpoint.Port));
            await client.ExpectAsync(5, 0, 0);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R9_an_address_written_as_a_name_is_judged_like_that_address(Engine engine)
    {
        foreach (var name in new[] { "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fe80::1", "0.0.0.0", "::" })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(name, 80));
            await client.ExpectLastAsync(Wire.Refusing(2));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R9_legacy_spellings_of_addresses_are_refused_and_reach_nothing(Engine engine)
    {
        using var origin = new Origin();
        string[] names = ["127.1", "0x7f000001", "2130706433", "017700000001", "127.0.0.1.", "0177.0.0.1", "127.0.0.0x1"];
        foreach (var name in names)
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(name, origin.Endpoint.Port));
            await client.ExpectLastAsync(Wire.Refusing(4));
        }

        Assert.False(origin.HasClient);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R10_a_final_dot_is_dropped_and_case_does_not_matter(Engine engine)
    {
        using var origin = new Origin(IPAddress.IPv6Any);
        foreach (var name in new[] { "localhost", "localhost.", "LocalHost." })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(name, origin.Endpoint.Port));
            await client.ExpectAsync(5, 0, 0);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R11_port_0_is_refused(Engine engine)
    {
        foreach (var request in new[] { Wire.Connect(new IPEndPoint(IPAddress.Loopback, 0)), Wire.Connect("localhost", 0) })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(request);
            await client.ExpectLastAsync(Wire.Refusing(1));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R12_and_R14_special_purpose_addresses_are_refused_by_rule(Engine engine)
    {
        string[] addresses =
        [
            "0.0.0.0", "255.255.255.255", "224.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "169.254.169.254",
            "::", "ff02::1", "fe80::1", "fc00::1", "64:ff9b::a00:1", "2002:7f00:1::", "::ffff:10.0.0.1", "::ffff:0.0.0.0",
        ];
        foreach (var address in addresses)
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(new IPEndPoint(IPAddress.Parse(address), 80)));
            await client.ExpectLastAsync(Wire.Refusing(2));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R13_a_mapped_address_is_connected_to_and_answered_as_IPv4(Engine engine)
    {
        using var origin = new Origin();
        using var client = await GreetedAsync(engine);
        await client.SendAsync(Wire.Connect(new IPEndPoint(IPAddress.Parse("::ffff:127.0.0.1"), origin.Endpoint.Port)));
        using var served = await origin.AcceptAsync();
        await client.ExpectAsync(Wire.Granting((IPEndPoint)served.RemoteEndPoint!));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_closed_port_is_reported_as_refused(Engine engine)
    {
        int port;
        using (var origin = new Origin())
            port = origin.Endpoint.Port;
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(Wire.Connect(new IPEndPoint(address, port)));
            await client.ExpectLastAsync(Wire.Refusing(5));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_destination_that_does_not_answer_in_time_is_reported_as_timed_out(Engine engine)
    {
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.None);
        settings = settings with { Limits = settings.Limits with { ConnectTimeout = TimeSpan.FromMilliseconds(500) } };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = await StuckOrigin.StartAsync();
        using var client = await node.ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(origin.Endpoint)]);
        await client.ExpectLastAsync([5, 0, .. Wire.Refusing(6)]);
        client.Dispose();

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("connect-timed-out", line.GetProperty("refusal").GetString());
        Assert.InRange(line.GetProperty("durationMs").GetInt64(), 500, 3000);
    }

    [RootFact]
    public async Task What_the_kernel_says_of_a_route_becomes_the_reply()
    {
        var settings = SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.None);
        settings = settings with { Egress = settings.Egress with { DenySpecialPurpose = false } };
        await using var node = await TestNode.StartInNamespaceAsync(
            settings,
            "link set lo up",
            "route add throw 198.18.1.0/24",
            "route add unreachable 198.18.2.0/24",
            "route add prohibit 198.18.3.0/24",
            "route add blackhole 198.18.4.0/24",
            "-6 route add unreachable 2001:db8:2::/48",
            "-6 route add prohibit 2001:db8:3::/48");
        (string Address, byte Code, string Refusal)[] expected =
        [
            ("198.51.100.1", 3, "network-unreachable"),
            ("198.18.1.1", 3, "network-unreachable"),
            ("198.18.2.1", 4, "host-unreachable"),
            ("198.18.3.1", 2, "connect-forbidden"),
            ("198.18.4.1", 1, "connect-failed"),
            ("127.0.0.1", 5, "connection-refused"),
            ("2001:db8:1::1", 3, "network-unreachable"),
            ("2001:db8:2::1", 4, "host-unreachable"),
            ("2001:db8:3::1", 2, "connect-forbidden"),
        ];
        foreach (var (address, code, _) in expected)
        {
            using var client = await node.ConnectAsync();
            var destination = new IPEndPoint(IPAddress.Parse(address), 81);
            await client.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(destination)]);
            await client.ExpectLastAsync([5, 0, .. Wire.Refusing(code)]);
        }

        await node.QuietAsync();
        var logged = (await node.StopAndReadLogAsync()).ToDictionary(
            line => line.GetProperty("destination").GetString()!, line => line.GetProperty("refusal").GetString());
        Assert.All(expected, it => Assert.Equal(it.Refusal, logged[new IPEndPoint(IPAddress.Parse(it.Address), 81).ToString()]));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R15_and_R16_a_refusal_arrives_whole_although_unread_bytes_are_queued(Engine engine)
    {
        // Each of the first three is refused before the rest of what was sent is read; a reset would destroy the reply.
        var denied = new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80);
        byte[][] refused = [[5, 1, 0, 9], [6, 1, 0, 1], Wire.Connect(denied), Wire.Connect("", 80)];
        for (var round = 0; round < 10; round++)
        {
            foreach (var request in refused)
            {
                using var client = await GreetedAsync(engine);
                await client.SendAsync([.. request, .. new byte[60_000]]);
                Assert.Equal(10, (await client.ReceiveToEndAsync()).Length);
            }
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R16_a_refusal_arrives_although_the_client_goes_on_sending(Engine engine)
    {
        using var client = await GreetedAsync(engine);
        await client.SendAsync(5, 1, 0, 9);
        await client.SendAsync(new byte[20_000]);
        await client.ExpectAsync(Wire.Refusing(8));
        await client.SendAsync(new byte[20_000]);
        await client.ExpectLastAsync();
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R15_a_refused_client_that_neither_closes_nor_stops_sending_is_closed_within_a_second(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.None));
        using var silent = await node.ConnectAsync();
        using var talking = await node.ConnectAsync();
        byte[] refused = [.. Wire.GreetingWithoutAuthentication, 5, 1, 0, 9];
        await silent.SendAsync(refused);
        await talking.SendAsync(refused);
        await silent.ExpectLastAsync([5, 0, .. Wire.Refusing(8)]);

        // More than a lingering connection takes: it is reset, which is how this client learns that nobody listens.
        await Assert.ThrowsAnyAsync<SocketException>(async () =>
        {
            while (true)
                await talking.SendAsync(new byte[16 * 1024]);
        });

        await node.QuietAsync();
        Assert.All(
            await node.StopAndReadLogAsync(),
            line => Assert.InRange(line.GetProperty("durationMs").GetInt64(), 0, 3000));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R17_a_refused_request_is_followed_by_nothing(Engine engine)
    {
        using var origin = new Origin();
        using var client = await GreetedAsync(engine);
        await client.SendAsync([.. Wire.Connect("", 80), .. Wire.Connect(origin.Endpoint), .. Wire.Connect(origin.Endpoint)]);
        await client.ExpectLastAsync(Wire.Refusing(4));
        Assert.False(origin.HasClient);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task R17_after_success_nothing_is_protocol_any_more(Engine engine)
    {
        using var origin = Origin.Echo();
        using var client = await GreetedAsync(engine);
        await client.SendAsync(Wire.Connect(origin.Endpoint));
        await client.ExpectAsync(5, 0, 0, 1);
        await client.ReceiveAsync(6);
        var looksLikeProtocol = Wire.AliceTo(origin.Endpoint);
        await client.SendAsync(looksLikeProtocol);
        client.ShutdownSend();
        await client.ExpectLastAsync(looksLikeProtocol);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task S5_the_proxy_does_not_connect_to_itself_in_any_spelling(Engine engine)
    {
        var node = await nodes.NodeAsync(engine, AcceptedMethod.None);
        var port = node.Endpoint.Port;
        byte[][] spellings =
        [
            Wire.Connect(new IPEndPoint(IPAddress.Loopback, port)),
            Wire.Connect(new IPEndPoint(IPAddress.Parse("::ffff:127.0.0.1"), port)),
            Wire.Connect("127.0.0.1", port), Wire.Connect("::ffff:7f00:1", port),
        ];
        foreach (var request in spellings)
        {
            using var client = await GreetedAsync(engine);
            await client.SendAsync(request);
            await client.ExpectLastAsync(Wire.Refusing(2));
        }

        // The name may also mean ::1, where this node does not listen: then it is refused there.
        using var named = await GreetedAsync(engine);
        await named.SendAsync(Wire.Connect("localhost", port));
        Assert.Contains((await named.ReceiveToEndAsync())[1], new byte[] { 2, 5 });
    }

    private async Task<SocksClient> GreetedAsync(Engine engine)
    {
        var client = await (await nodes.NodeAsync(engine, AcceptedMethod.None)).ConnectAsync();
        await client.SendAsync(Wire.GreetingWithoutAuthentication);
        await client.ExpectAsync(5, 0);
        return client;
    }
}
