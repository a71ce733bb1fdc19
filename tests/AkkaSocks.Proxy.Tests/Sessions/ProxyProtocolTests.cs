using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>The PROXY protocol on the wire, from load balancers and to destinations: row X5, and what of G9 belongs to it.</summary>
public sealed class ProxyProtocolTests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    private static readonly IPAddress Balancer = IPAddress.Loopback, Other = IPAddress.Parse("127.0.0.9");
    private static readonly IPEndPoint Client = new(IPAddress.Parse("198.51.100.7"), 56324), Client6 = new(IPAddress.Parse("2001:db8::7"), 56324);
    private static readonly IPEndPoint Front = new(IPAddress.Parse("203.0.113.1"), 1080), Front6 = new(IPAddress.Parse("2001:db8::1"), 1080);
    private static readonly byte[] V1 = Encoding.ASCII.GetBytes("PROXY TCP4 198.51.100.7 203.0.113.1 56324 1080\r\n");

    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    /// <summary>Headers and the client they name; null where the sender itself is meant.</summary>
    private static (byte[] Header, IPEndPoint? Named)[] Headers =>
    [
        (V1, Client),
        (Encoding.ASCII.GetBytes("PROXY TCP6 2001:db8::7 2001:db8::1 56324 1080\r\n"), Client6),
        (Encoding.ASCII.GetBytes("PROXY UNKNOWN\r\n"), null),
        (Encoding.ASCII.GetBytes("PROXY UNKNOWN ffff:: :: 1 2 and more\r\n"), null),
        (Wire.ProxyV2(Client, Front), Client),
        (Wire.ProxyV2(Client6, Front6), Client6),
        (Wire.ProxyV2(Client, Front, 0xEE, 0xFF, 0xFF, 1), Client), // a TLV longer than what is there
        (Wire.ProxyV2(Client, Front, new byte[900]), Client),
        ([.. Wire.ProxyV2Signature, 0x20, 0x00, 0, 0], null), // LOCAL, as health checks are
        ([.. Wire.ProxyV2Signature, 0x20, 0x11, 0, 12, .. new byte[12]], null),
        ([.. Wire.ProxyV2Signature, 0x21, 0x00, 0, 3, 1, 2, 3], null), // UNSPEC
        ([.. Wire.ProxyV2Signature, 0x21, 0x31, 0, 216, .. new byte[216]], null), // UNIX
        ([.. Wire.ProxyV2Signature, 0x21, 0xFF, 0, 0], null),
    ];

    [Theory, MemberData(nameof(Engines))]
    public async Task X5_the_client_that_a_header_names_stands_in_the_log_and_otherwise_the_sender(Engine engine)
    {
        await using var node = await TestNode.StartAsync(Settings(engine, ProxyProtocolMode.Required));
        using var origin = Origin.Echo();
        var senders = new List<string>();
        foreach (var (header, _) in Headers)
        {
            using var client = await FromAsync(Balancer, node);
            senders.Add(client.Socket.LocalEndPoint!.ToString()!);
            await client.SendAsync([.. header, .. Wire.GreetingWithoutAuthentication, .. Wire.Connect(origin.Endpoint), 42]);
            await client.ExpectAsync(5, 0, 5, 0, 0);
            await client.ReceiveAsync(7);
            await client.ExpectAsync(42);
            client.ShutdownSend();
            await client.ExpectLastAsync();
            await node.QuietAsync();
        }

        var lines = await node.StopAndReadLogAsync();
        Assert.Equal(Headers.Zip(senders, (it, sender) => it.Named?.ToString() ?? sender), lines.Select(it => it.GetProperty("client").GetString()));
        Assert.Equal(
            Headers.Zip(senders, (it, sender) => it.Named is null ? null : sender),
            lines.Select(it => it.TryGetProperty("via", out var via) ? via.GetString() : null));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X5_a_header_may_come_byte_by_byte_before_any_protocol(Engine engine)
    {
        using var origin = Origin.Echo();
        foreach (var header in new[] { V1, Wire.ProxyV2(Client, Front, 1, 0, 0) })
        {
            using var client = await FromAsync(Balancer, await NodeAsync(engine, ProxyProtocolMode.Required));
            foreach (var octet in header.Concat(Wire.Socks4(1, origin.Endpoint)))
                await client.SendAsync(octet);
            await client.ExpectAsync(0, 0x5A);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X5_a_header_stands_before_TLS_and_not_inside(Engine engine)
    {
        await using var node = await TestNode.StartAsync(Settings(engine, ProxyProtocolMode.Optional).Secured());
        using var origin = Origin.Echo();
        foreach (var header in new[] { V1, Wire.ProxyV2(Client, Front), [] })
        {
            using var outer = await FromAsync(Balancer, node);
            await outer.SendAsync(header);
            using var client = new SocksClient(outer.Socket, await TestTls.SecureAsync(outer.Socket));
            await client.HandshakeAsync(origin.Endpoint);
            await client.SendAsync(1, 2, 3);
            await client.ExpectAsync(1, 2, 3);
            client.ShutdownSend();
            await client.ExpectLastAsync();
            await node.QuietAsync();
        }

        using (var outer = await FromAsync(Balancer, node))
        {
            using var client = new SocksClient(outer.Socket, await TestTls.SecureAsync(outer.Socket));
            await client.SendAsync([.. V1, .. Wire.GreetingWithoutAuthentication]);
            await client.ExpectLastAsync();
            await node.QuietAsync();
        }

        var lines = await node.StopAndReadLogAsync();
        Assert.Equal([true, true, false, false], lines.Select(line => line.GetProperty("client").GetString() == Client.ToString()));
        Assert.All(lines, line => Assert.True(line.TryGetProperty("tls", out _)));
        Assert.Equal("unknown-protocol", lines[^1].GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X5_a_malformed_header_is_closed_without_a_byte(Engine engine)
    {
        await using var node = await TestNode.StartAsync(Settings(engine, ProxyProtocolMode.Required));
        string[] lines =
        [
            "PROXY TCP4 198.51.100.7 203.0.113.1 56324\r\n", "PROXY TCP4 198.51.100.7 203.0.113.1 56324 1080 1\r\n",
            "PROXY TCP4 198.51.100.07 203.0.113.1 56324 1080\r\n", "PROXY TCP4 2001:db8::7 2001:db8::1 56324 1080\r\n",
            "PROXY TCP6 198.51.100.7 203.0.113.1 56324 1080\r\n", "PROXY TCP4 198.51.100.7 203.0.113.1 65536 1080\r\n",
            "PROXY TCP4 198.51.100.7 203.0.113.1 056 1080\r\n", "PROXY TCP4  198.51.100.7 203.0.113.1 1 2\r\n", "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
            "PROXY UNKNOWNS\r\n", "PROXY \r\n", "PROXX TCP4", "PROXY " + new string('a', 120), "\r\n\r\n\0\r\nQUIT\n1",
        ];
        byte[][] headers =
        [
            .. lines.Select(Encoding.ASCII.GetBytes),
            [.. Wire.ProxyV2Signature, 0x11], [.. Wire.ProxyV2Signature, 0x22],
            [.. Wire.ProxyV2Signature, 0x21, 0x11, 0, 11], [.. Wire.ProxyV2Signature, 0x21, 0x21, 0, 35],
            [.. Wire.ProxyV2Signature, 0x21, 0x11, 0xFF, 0xFF], [.. Wire.ProxyV2Signature, 0x20, 0x00, 0x04, 0x00],
            Wire.GreetingWithoutAuthentication,
        ];
        foreach (var header in headers)
        {
            using var client = await FromAsync(Balancer, node);
            await client.SendAsync(header);
            await client.ExpectLastAsync();
        }

        await node.QuietAsync();
        var log = await node.StopAndReadLogAsync();
        Assert.Equal(headers.Length, log.Count);
        Assert.All(log, it => Assert.Equal("bad-proxy-header", it.GetProperty("refusal").GetString()));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X5_where_headers_are_required_nobody_connects_but_trusted_senders(Engine engine)
    {
        await using var node = await TestNode.StartAsync(Settings(engine, ProxyProtocolMode.Required));
        using (var client = await FromAsync(Other, node))
            await EndsWithoutAByteAsync(client, V1);
        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("untrusted-proxy", line.GetProperty("refusal").GetString());
        Assert.StartsWith("127.0.0.9:", line.GetProperty("client").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X5_where_headers_are_optional_a_strangers_is_an_unknown_protocol(Engine engine)
    {
        await using var node = await TestNode.StartAsync(Settings(engine, ProxyProtocolMode.Optional));
        using (var client = await FromAsync(Other, node))
            await EndsWithoutAByteAsync(client, Wire.ProxyV2(Client, Front));
        await node.QuietAsync();
        Assert.Equal("unknown-protocol", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X5_where_headers_are_optional_anybody_may_go_without(Engine engine)
    {
        foreach (var sender in new[] { Balancer, Other })
        {
            using var client = await FromAsync(sender, await NodeAsync(engine, ProxyProtocolMode.Optional));
            await client.SendAsync(Wire.GreetingWithoutAuthentication);
            await client.ExpectAsync(5, 0);
        }

        using var introduced = await FromAsync(Balancer, await NodeAsync(engine, ProxyProtocolMode.Optional));
        await introduced.SendAsync([.. V1, .. Wire.GreetingWithoutAuthentication]);
        await introduced.ExpectAsync(5, 0);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G9_where_it_is_off_a_header_is_an_unknown_protocol(Engine engine)
    {
        foreach (var header in new[] { V1, Wire.ProxyV2(Client, Front) })
        {
            using var client = await (await nodes.NodeAsync(engine, AcceptedMethod.None)).ConnectAsync();
            await EndsWithoutAByteAsync(client, header);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_limit_per_address_is_that_of_the_named_client_and_not_of_the_load_balancer(Engine engine)
    {
        var settings = Settings(engine, ProxyProtocolMode.Optional);
        await using var node = await TestNode.StartAsync(settings with { Limits = settings.Limits with { MaxSessionsPerAddress = 2 } });
        var neighbour = new IPEndPoint(IPAddress.Parse("198.51.100.8"), 1);
        var open = new List<SocksClient>();
        foreach (var client in new[] { Client, Client, neighbour, neighbour })
        {
            open.Add(await FromAsync(Balancer, node));
            await open[^1].SendAsync([.. Wire.ProxyV2(client, Front), .. Wire.GreetingWithoutAuthentication]);
            await open[^1].ExpectAsync(5, 0);
        }

        // The load balancer's own, and those of one that has said nothing yet.
        open.Add(await FromAsync(Balancer, node));
        open.Add(await FromAsync(Balancer, node));
        await open[^1].SendAsync(Wire.GreetingWithoutAuthentication);
        await open[^1].ExpectAsync(5, 0);

        using (var third = await FromAsync(Balancer, node))
            await EndsWithoutAByteAsync(third, Wire.ProxyV2(Client, Front));
        open.ForEach(it => it.Dispose());
        await node.QuietAsync();
        Assert.Equal(1, (await node.StopAndReadLogAsync()).Count(it =>
            it.TryGetProperty("refusal", out var refusal) && refusal.GetString() == "too-many-sessions-from-address"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G12_the_header_is_within_the_handshake_deadline(Engine engine)
    {
        var settings = Settings(engine, ProxyProtocolMode.Required);
        await using var node = await TestNode.StartAsync(settings with
        {
            Limits = settings.Limits with { HandshakeTimeout = TimeSpan.FromMilliseconds(300) },
        });
        using (var client = await FromAsync(Balancer, node))
            await EndsWithoutAByteAsync(client, V1[..20]);
        await node.QuietAsync();
        Assert.Equal("handshake-timed-out", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("end").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_chosen_destination_is_told_the_client_before_its_first_byte(Engine engine)
    {
        foreach (var version in new[] { 1, 2 })
        {
            using var origin = new Origin();
            var settings = Settings(engine, ProxyProtocolMode.Required);
            await using var node = await TestNode.StartAsync(settings with
            {
                Egress = settings.Egress with
                {
                    ProxyProtocol = [new IntroductionSettings([new DestinationNetwork(IPNetwork.Parse("127.0.0.0/8"), origin.Endpoint.Port)], version)],
                },
            });
            using var client = await FromAsync(Balancer, node);
            await client.SendAsync([.. V1, .. Wire.GreetingWithoutAuthentication, .. Wire.Connect(origin.Endpoint), .. "early"u8]);
            await client.ExpectAsync(5, 0, 5, 0, 0);
            using var served = new SocksClient(await origin.AcceptAsync());
            await served.ExpectAsync(
            [
                .. version == 2
                    ? Wire.ProxyV2(Client, origin.Endpoint)
                    : Encoding.ASCII.GetBytes($"PROXY TCP4 198.51.100.7 127.0.0.1 56324 {origin.Endpoint.Port}\r\n"),
                .. "early"u8,
            ]);

            // The header is ours: no byte of the client's.
            client.ShutdownSend();
            served.ShutdownSend();
            await served.ExpectLastAsync();
            await node.QuietAsync();
            Assert.Equal(5, Assert.Single(await node.StopAndReadLogAsync()).GetProperty("clientToDestination").GetInt64());
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Another_destination_is_told_nothing(Engine engine)
    {
        using var origin = new Origin();
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.None);
        await using var node = await TestNode.StartAsync(settings with
        {
            Egress = settings.Egress with
            {
                ProxyProtocol =
                [
                    new IntroductionSettings([new DestinationNetwork(IPNetwork.Parse("127.0.0.0/8"), origin.Endpoint.Port == 1 ? 2 : 1)], 2),
                    new IntroductionSettings([new DestinationNetwork(IPNetwork.Parse("10.0.0.0/8"), null)], 2),
                ],
            },
        });
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = new SocksClient(await origin.AcceptAsync());
        await client.SendAsync(42);
        await served.ExpectAsync(42);
    }

    private static ProxySettings Settings(Engine engine, ProxyProtocolMode mode) =>
        SharedNodes.Accepting(engine, AcceptedMethod.None).With(it => it with
        {
            Protocols = [ListenerProtocol.Socks5, ListenerProtocol.Socks4],
            ProxyProtocol = new ProxyProtocolSettings { Mode = mode, Trusted = [IPNetwork.Parse("127.0.0.1/32")] },
        });

    private static async Task EndsWithoutAByteAsync(SocksClient client, byte[] sent)
    {
        try
        {
            await client.SendAsync(sent);
            Assert.Empty(await client.ReceiveToEndAsync());
        }
        catch (SocketException)
        {
            // Closed before all was read: a reset.
        }
    }

    private Task<TestNode> NodeAsync(Engine engine, ProxyProtocolMode mode) =>
        nodes.NodeAsync(engine, $"proxy {mode}", () => Settings(engine, mode));

    private static async Task<SocksClient> FromAsync(IPAddress sender, TestNode node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(sender, 0));
        await socket.ConnectAsync(node.Endpoint).InTime();
        return new SocksClient(socket);
    }
}
