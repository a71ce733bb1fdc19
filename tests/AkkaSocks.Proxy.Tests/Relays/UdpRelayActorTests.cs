using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Egress;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Relays;

/// <summary>UDP ASSOCIATE on the wire, row by row of the conformance table, over both transports.</summary>
/// <remarks>
/// That something was dropped is shown by what comes next: on loopback datagrams keep their order, so when a later one has
/// passed through the same socket, an earlier one that has not will not any more.
/// </remarks>
public sealed class UdpRelayActorTests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    public static TheoryData<Engine> Transports => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Transports))]
    public async Task U1_each_association_has_a_socket_on_the_address_that_its_control_connection_came_in_at(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(
            settings with { Listeners = [settings.Listeners[0] with { Endpoint = new IPEndPoint(IPAddress.Any, 0) }] });
        using var first = await Associate.OpenAsync(new IPEndPoint(IPAddress.Loopback, node.Endpoint.Port));
        using var second = await Associate.OpenAsync(new IPEndPoint(Elsewhere, node.Endpoint.Port));
        Assert.Equal(IPAddress.Loopback, first.Relay.Address);
        Assert.Equal(Elsewhere, second.Relay.Address);
        Assert.NotEqual(first.Relay.Port, second.Relay.Port);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U1_behind_NAT_the_advertised_address_and_a_port_of_the_range_are_told(Engine engine)
    {
        var free = FreePorts(2);
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings with
        {
            Udp = settings.Udp with { AdvertisedAddress = IPAddress.Parse("198.51.100.7"), Ports = free },
        });
        using var first = await Associate.OpenAsync(node.Endpoint);
        using var second = await Associate.OpenAsync(node.Endpoint);
        Assert.All([first, second], it => Assert.Equal(IPAddress.Parse("198.51.100.7"), it.Relay.Address));
        Assert.Equal([free.First, free.Last], new[] { first.Relay.Port, second.Relay.Port }.Order());

        using var third = await node.ConnectAsync();
        await third.SendAsync([.. Wire.GreetingWithoutAuthentication, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0]);
        await third.ExpectLastAsync([5, 0, .. Wire.Refusing(1)]);

        first.Control.Dispose();
        await Eventually.TrueAsync(() => node.Node.Gate.Sessions == 1, "the first to end");
        using var fourth = await Associate.OpenAsync(node.Endpoint);
        Assert.Equal(first.Relay.Port, fourth.Relay.Port);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U2_a_datagram_from_another_address_is_dropped(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var stranger = new UdpEnd(Elsewhere);
        using var destination = new UdpEnd();

        var before = node.Node.Metrics.Udp.DroppedFor(DatagramDrop.ForeignSender);
        stranger.Send(Associate.Datagram(destination.Endpoint, "stranger"u8.ToArray()), client.Relay);
        client.Send(destination.Endpoint, "client"u8.ToArray());

        Assert.Equal("client"u8.ToArray(), (await destination.ReceiveAsync()).Bytes);
        Assert.False(destination.HasReceived || stranger.HasReceived);
        Assert.Equal(before + 1, node.Node.Metrics.Udp.DroppedFor(DatagramDrop.ForeignSender));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U3_the_port_of_the_first_datagram_that_can_be_read_is_the_only_one(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var other = new UdpEnd();
        using var destination = new UdpEnd();

        other.Send([0, 0, 0], client.Relay);
        client.Send(destination.Endpoint, 1);
        other.Send(Associate.Datagram(destination.Endpoint, [2]), client.Relay);
        client.Send(destination.Endpoint, 3);

        Assert.Equal([1], (await destination.ReceiveAsync()).Bytes);
        var (bytes, from) = await destination.ReceiveAsync();
        Assert.Equal([3], bytes);
        destination.Send([4], from);
        await client.ExpectAsync(Associate.Datagram(destination.Endpoint, [4]));
        Assert.False(other.HasReceived);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U3_whatever_the_request_names_is_neither_looked_up_nor_enforced(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var echo = UdpEnd.Echo();
        byte[][] requests =
        [
            [0, 3, 1, (byte)'0', 0, 0],                                                       // PySocks
            [0, 3, 7, .. "0.0.0.0"u8, 0, 9],                                                  // IO::Socket::Socks
            [0, .. Wire.Address(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 53))],           // v2ray: the destination
            [0, 3, 12, .. "nope.invalid"u8, 0, 53],
            [0, 4, .. new byte[16], 0, 0],
        ];
        foreach (var request in requests)
        {
            using var client = await Associate.OpenAsync(await node.ConnectAsync(), request);
            await client.EchoAsync(echo, 1);
        }
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U3_with_strict_port_only_the_port_of_the_request_may_send(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings with { Udp = settings.Udp with { StrictPort = true } });
        using var named = new UdpEnd();
        using var destination = new UdpEnd();
        using var client = await Associate.OpenAsync(
            await node.ConnectAsync(), [0, .. Wire.Address(new IPEndPoint(IPAddress.Any, named.Endpoint.Port))]);

        client.Send(destination.Endpoint, 1);
        named.Send(Associate.Datagram(destination.Endpoint, [2]), client.Relay);

        Assert.Equal([2], (await destination.ReceiveAsync()).Bytes);
    }

    [Theory]
    [InlineData(Engine.EpollTunnel, false), InlineData(Engine.EpollTunnel, true)]
    [InlineData(Engine.SocketsFlow, false), InlineData(Engine.SocketsFlow, true)]
    public async Task U4_the_association_ends_with_its_control_connection(Engine engine, bool reset)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(engine));
        using var echo = UdpEnd.Echo();
        using var client = await Associate.OpenAsync(node.Endpoint);
        await client.Control.SendAsync(RandomNumberGenerator.GetBytes(100_000));
        await client.EchoAsync(echo, 1);

        if (reset)
            client.Control.Reset();
        else
            client.Control.ShutdownSend();

        await node.QuietAsync();
        Assert.True(IsFree(client.Relay));
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal(reset ? "client-reset" : "completed", line.GetProperty("end").GetString());
        Assert.Equal((1, 1), (line.GetProperty("clientToDestination").GetInt64(), line.GetProperty("destinationToClient").GetInt64()));
    }

    [Theory]
    [InlineData(Engine.EpollTunnel, false), InlineData(Engine.EpollTunnel, true)]
    [InlineData(Engine.SocketsFlow, false), InlineData(Engine.SocketsFlow, true)]
    public async Task U4_a_control_connection_inside_TLS_holds_its_association_and_ends_it(Engine engine, bool reset)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(engine).Secured());
        using var echo = UdpEnd.Echo();
        using var client = await Associate.OpenAsync(await SocksClient.ConnectSecuredAsync(node.Endpoint), [0, 1, 0, 0, 0, 0, 0, 0]);
        await client.EchoAsync(echo, 1);
        await client.Control.SendAsync(RandomNumberGenerator.GetBytes(100_000));
        await client.EchoAsync(echo, 2);

        if (reset)
            client.Control.Reset();
        else
            client.Control.ShutdownSend();

        await node.QuietAsync();
        Assert.True(IsFree(client.Relay));
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal(reset ? "client-reset" : "completed", line.GetProperty("end").GetString());
        Assert.Equal((2, 2), (line.GetProperty("clientToDestination").GetInt64(), line.GetProperty("destinationToClient").GetInt64()));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U5_fragments_are_dropped(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var destination = new UdpEnd();
        foreach (byte fragment in new byte[] { 0x01, 0x7F, 0x81 })
        {
            var datagram = Associate.Datagram(destination.Endpoint, [fragment]);
            datagram[2] = fragment;
            client.Udp.Send(datagram, client.Relay);
        }

        client.Send(destination.Endpoint, 0);
        Assert.Equal([0], (await destination.ReceiveAsync()).Bytes);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U6_what_cannot_be_read_is_dropped_and_any_RSV_is_taken(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var destination = new UdpEnd();
        var whole = Associate.Datagram(destination.Endpoint, []);
        var before = node.Node.Metrics.Udp.DroppedFor(DatagramDrop.Malformed);
        for (var length = 0; length < whole.Length; length++)
            client.Udp.Send(whole[..length], client.Relay);
        client.Udp.Send([0, 0, 0, 2, .. whole[4..]], client.Relay);
        client.Udp.Send([0, 0, 0, 3, 255, .. "short"u8, 0, 53], client.Relay);
        client.Udp.Send([0, 0, 0, 3, 0, 0, 53], client.Relay);
        client.Udp.Send(Associate.Datagram("127.1", destination.Endpoint.Port, []), client.Relay);
        client.Udp.Send(Associate.Datagram(new IPEndPoint(IPAddress.Loopback, 0), []), client.Relay);

        client.Udp.Send([0xAB, 0xCD, .. whole[2..], 7], client.Relay);
        Assert.Equal([7], (await destination.ReceiveAsync()).Bytes);
        Assert.Equal(before + whole.Length + 5, node.Node.Metrics.Udp.DroppedFor(DatagramDrop.Malformed));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U7_every_answer_names_who_really_sent_it(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var one = new UdpEnd();
        using var two = new UdpEnd(Elsewhere);
        using var six = new UdpEnd(IPAddress.IPv6Loopback);
        client.Send(one.Endpoint, 1);
        client.Send(two.Endpoint, 1);
        client.Send(six.Endpoint, 1);
        var port = (await one.ReceiveAsync()).From;
        Assert.Equal(port.Port, (await two.ReceiveAsync()).From.Port);
        var portOfSix = (await six.ReceiveAsync()).From;

        two.Send([2], port);
        await client.ExpectAsync(Associate.Datagram(two.Endpoint, [2]));
        six.Send([6], portOfSix);
        await client.ExpectAsync(Associate.Datagram(six.Endpoint, [6]));
        one.Send([1], port);
        await client.ExpectAsync(Associate.Datagram(one.Endpoint, [1]));
    }

    [Theory]
    [InlineData(Engine.EpollTunnel, false), InlineData(Engine.EpollTunnel, true)]
    [InlineData(Engine.SocketsFlow, false), InlineData(Engine.SocketsFlow, true)]
    public async Task U8_an_answer_comes_only_from_where_the_client_has_sent_to_unless_the_cone_is_full(Engine engine, bool fullCone)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings with { Udp = settings.Udp with { FullCone = fullCone } });
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var destination = new UdpEnd();
        using var third = new UdpEnd();
        client.Send(destination.Endpoint, 1);
        var mapped = (await destination.ReceiveAsync()).From;
        mapped = new IPEndPoint(IPAddress.Loopback, mapped.Port);

        third.Send([3], mapped);
        destination.Send([1], mapped);
        if (fullCone)
            await client.ExpectAsync(Associate.Datagram(third.Endpoint, [3]));
        await client.ExpectAsync(Associate.Datagram(destination.Endpoint, [1]));
        Assert.Equal(fullCone ? 0 : 1, node.Node.Metrics.Udp.DroppedFor(DatagramDrop.UnknownSource));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U9_a_dead_destination_is_nothing_to_the_others(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var echo = UdpEnd.Echo();
        var deadEnd = FreePorts(1).First;
        for (byte i = 0; i < 20; i++)
        {
            client.Send(new IPEndPoint(IPAddress.Loopback, deadEnd), i);
            await client.EchoAsync(echo, i);
        }
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U10_datagrams_arrive_whole_or_not_at_all(Engine engine)
    {
        const int LargestWithHeader = 65_507 - 10, Largest = 65_507;
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var echo = UdpEnd.Echo();
        using var destination = new UdpEnd();
        foreach (var size in new[] { 0, 1, 1472, 1473, 2048, 2049, 8000, LargestWithHeader })
            await client.EchoAsync(echo, RandomNumberGenerator.GetBytes(size));

        client.Send(destination.Endpoint);
        var mapped = (await destination.ReceiveAsync()).From;
        destination.Send(new byte[Largest], mapped);
        destination.Send([1], mapped);
        await client.ExpectAsync(Associate.Datagram(destination.Endpoint, [1]));

        // Counted behind the datagram that has just arrived.
        await Eventually.TrueAsync(
            () => node.Node.Metrics.Udp.DroppedFor(DatagramDrop.TooBig) > 0, "the datagram that was too big to be counted");
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U10_datagrams_sent_in_one_call_arrive_each_by_itself_each_way(Engine engine)
    {
        const int count = 60, size = 300;
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var destination = new UdpEnd();
        var payloads = Enumerable.Range(0, count).Select(i => RandomNumberGenerator.GetBytes(i == count - 1 ? 5 : size)).ToArray();
        var mapped = await MappedAsync(client, destination);
        var header = Associate.Datagram(destination.Endpoint, []).Length;

        client.Udp.SendRun([.. payloads.SelectMany(it => Associate.Datagram(destination.Endpoint, it))], header + size, client.Relay);
        foreach (var payload in payloads)
            Assert.Equal(payload, (await destination.ReceiveAsync()).Bytes);

        destination.SendRun([.. payloads.SelectMany(it => it)], size, mapped);
        foreach (var payload in payloads)
            await client.ExpectAsync(Associate.Datagram(destination.Endpoint, payload));
        Assert.False(client.Udp.HasReceived || destination.HasReceived);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U2_U5_U6_what_must_be_dropped_is_dropped_from_the_middle_of_a_run(Engine engine)
    {
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var destination = new UdpEnd();
        await MappedAsync(client, destination);
        var good = Associate.Datagram(destination.Endpoint, [1, 2, 3]);
        byte[] malformed = [0, 0, 0, 9, .. good[4..]], fragment = [0, 0, 1, .. good[3..]];
        var denied = Associate.Datagram(new IPEndPoint(IPAddress.Broadcast, 9), [4, 5, 6]);

        client.Udp.SendRun([.. good, .. malformed, .. good, .. fragment, .. denied, .. good], good.Length, client.Relay);

        for (var i = 0; i < 3; i++)
            Assert.Equal([1, 2, 3], (await destination.ReceiveAsync()).Bytes);
        client.Send(destination.Endpoint, 7);
        Assert.Equal([7], (await destination.ReceiveAsync()).Bytes);
    }

    private static async Task<IPEndPoint> MappedAsync(Associate client, UdpEnd destination)
    {
        client.Send(destination.Endpoint, 0);
        return (await destination.ReceiveAsync()).From;
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U11_what_may_not_be_reached_gets_nothing_however_it_is_written(Engine engine)
    {
        using var dns = new TestDnsServer((name, type) => name == "sneaky.example" && type == TestDnsAnswer.A
            ? TestDnsAnswer.Of(name, 60, "127.0.0.3")
            : TestDnsAnswer.Empty);
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings with
        {
            Egress = settings.Egress with
            {
                Allow = [IPNetwork.Parse("127.0.0.1/32")],
                Dns = settings.Egress.Dns with { Servers = [dns.Endpoint] },
            },
        });
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var echo = UdpEnd.Echo();
        using var forbidden = new UdpEnd(IPAddress.Parse("127.0.0.3"));
        var port = forbidden.Endpoint.Port;

        client.Send(forbidden.Endpoint, 1);
        client.Send(new IPEndPoint(IPAddress.Parse("::ffff:127.0.0.3"), port), 2);
        client.Udp.Send(Associate.Datagram("127.0.0.3", port, [3]), client.Relay);
        client.Udp.Send(Associate.Datagram("sneaky.example", port, [4]), client.Relay);
        client.Send(node.Endpoint, 5);
        client.Send(new IPEndPoint(IPAddress.Parse("169.254.169.254"), 53), 6);
        client.Send(new IPEndPoint(IPAddress.Broadcast, 53), 7);

        await Eventually.TrueAsync(() => node.Node.Metrics.Udp.DroppedFor(DatagramDrop.Denied) == 7, "all seven to be dropped");
        await client.EchoAsync(echo, 8);
        Assert.False(forbidden.HasReceived);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U11_names_are_looked_up_once_and_what_was_sent_meanwhile_arrives(Engine engine)
    {
        var asked = 0;
        using var dns = new TestDnsServer((name, type) =>
        {
            if (name != "echo.example")
                return TestDnsAnswer.NoSuchName;
            if (type == TestDnsAnswer.A)
                Interlocked.Increment(ref asked);
            return type == TestDnsAnswer.A ? TestDnsAnswer.Of(name, 0, "127.0.0.1") : TestDnsAnswer.Empty;
        });
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(
            settings with { Egress = settings.Egress with { Dns = settings.Egress.Dns with { Servers = [dns.Endpoint], Cache = false } } });
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var destination = new UdpEnd();
        for (byte i = 0; i < 10; i++)
            client.Udp.Send(Associate.Datagram("echo.example", destination.Endpoint.Port, [i]), client.Relay);
        client.Udp.Send(Associate.Datagram("nope.example", destination.Endpoint.Port, [99]), client.Relay);

        var received = new List<byte>();
        while (received.Count < 10)
            received.AddRange((await destination.ReceiveAsync()).Bytes);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (byte)i), received.Order());
        Assert.Equal(1, asked);
        await Eventually.TrueAsync(() => node.Node.Metrics.Udp.DroppedFor(DatagramDrop.LookupFailed) == 1, "the other to be dropped");
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U12_an_association_without_datagrams_ends_and_its_connection_with_it(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings with
        {
            Udp = settings.Udp with
            {
                IdleTimeout = TimeSpan.FromMilliseconds(400), DestinationIdleTimeout = TimeSpan.FromMilliseconds(100),
            },
        });
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var echo = UdpEnd.Echo();
        await client.EchoAsync(echo, 1);
        Assert.Empty(await client.Control.ReceiveToEndAsync());
        await node.QuietAsync();
        Assert.True(IsFree(client.Relay));
        Assert.Equal("idle-timed-out", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("end").GetString());
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task U14_a_client_over_IPv4_at_an_IPv6_listener_is_an_IPv4_client(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(
            settings with { Listeners = [settings.Listeners[0] with { Endpoint = new IPEndPoint(IPAddress.IPv6Any, 0) }] });
        using var echo = UdpEnd.Echo();
        using var four = await Associate.OpenAsync(new IPEndPoint(IPAddress.Loopback, node.Endpoint.Port));
        Assert.Equal(IPAddress.Loopback, four.Relay.Address);
        await four.EchoAsync(echo, 4);

        using var six = await Associate.OpenAsync(new IPEndPoint(IPAddress.IPv6Loopback, node.Endpoint.Port));
        Assert.Equal(IPAddress.IPv6Loopback, six.Relay.Address);
        await six.EchoAsync(echo, 6);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task T21_a_flood_of_spoofed_and_malformed_datagrams_passes_nothing_and_ends_nothing(Engine engine)
    {
        const int Each = 50_000;
        var node = await NodeAsync(engine);
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var stranger = new UdpEnd(Elsewhere);
        using var destination = new UdpEnd();
        using var echo = UdpEnd.Echo();
        var spoofed = Associate.Datagram(destination.Endpoint, [1]);
        byte[] malformed = [0, 0, 0, 9, .. spoofed[4..]];
        await client.EchoAsync(echo, 1);
        await Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                stranger.Send(spoofed, client.Relay);
                client.Udp.Send(malformed, client.Relay);
            }
        });

        // The flood may have filled the kernel's buffer, so a datagram of the client's may be lost to it: it tries again.
        var answer = client.Udp.ReceiveAsync();
        await Eventually.TrueAsync(
            () =>
            {
                client.Send(echo.Endpoint, 1);
                return answer.IsCompleted;
            },
            "an answer after the flood");
        Assert.Equal(Associate.Datagram(echo.Endpoint, [1]), (await answer).Bytes);
        Assert.False(destination.HasReceived || stranger.HasReceived);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_thousand_associations_at_once_keep_their_datagrams_apart(Engine engine)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(engine));
        using var echo = UdpEnd.Echo();
        var clients = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Associate.OpenAsync(node.Endpoint)));
        foreach (var chunk in clients.Chunk(50))
            await Task.WhenAll(chunk.Select(client => client.EchoAsync(echo, BitConverter.GetBytes(client.Relay.Port))));
        foreach (var client in clients)
            client.Dispose();
        await node.QuietAsync();
        Assert.All(clients, client => Assert.True(IsFree(client.Relay)));
    }

    [Fact]
    public async Task A_node_without_UDP_knows_no_such_command()
    {
        var settings = TestSettings.Default;
        await using var node = await TestNode.StartAsync(settings with { Udp = settings.Udp with { Enabled = false } });
        using var client = await node.ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithoutAuthentication, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0]);
        await client.ExpectLastAsync([5, 0, .. Wire.Refusing(7)]);
    }

    [Fact]
    public async Task A_user_may_use_only_the_commands_and_have_only_the_associations_it_is_allowed()
    {
        var settings = SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.Password);
        var alice = settings.Auth.Users[0];
        await using var node = await TestNode.StartAsync(settings with
        {
            Auth = settings.Auth with
            {
                Users =
                [
                    alice with { Commands = CommandSet.UdpAssociate }, alice with { Name = "bob", Commands = CommandSet.Connect },
                ],
            },
            Udp = settings.Udp with { MaxAssociationsPerUser = 1 },
        });
        using var origin = Origin.Echo();
        Assert.Equal(ReplyCode.NotAllowed, await LoginAsync("alice", Command.Connect, origin.Endpoint));
        Assert.Equal(ReplyCode.NotAllowed, await LoginAsync("bob", Command.UdpAssociate, origin.Endpoint));
        Assert.Equal(ReplyCode.Succeeded, await LoginAsync("bob", Command.Connect, origin.Endpoint));
        Assert.Equal(ReplyCode.Succeeded, await LoginAsync("alice", Command.UdpAssociate, origin.Endpoint));
        await node.QuietAsync();

        using var kept = await node.ConnectAsync();
        Assert.Equal(ReplyCode.Succeeded, await AskAsync(kept, "alice", Command.UdpAssociate, origin.Endpoint));
        Assert.Equal(ReplyCode.NotAllowed, await LoginAsync("alice", Command.UdpAssociate, origin.Endpoint));

        async Task<ReplyCode> LoginAsync(string user, Command command, IPEndPoint destination)
        {
            using var client = await node.ConnectAsync();
            return await AskAsync(client, user, command, destination);
        }

        static async Task<ReplyCode> AskAsync(SocksClient client, string user, Command command, IPEndPoint destination)
        {
            await client.SendAsync(
                [.. Wire.GreetingWithPassword, .. Wire.Login(user, "s3cret"), .. SocksClient.RequestFor(destination, command)]);
            await client.ExpectAsync(5, 2, 1, 0);
            return (await client.ReceiveReplyAsync()).Code;
        }
    }

    [Fact]
    public async Task An_association_takes_two_places_and_gives_both_back()
    {
        var settings = TestSettings.Default;
        await using var node = await TestNode.StartAsync(settings with { Limits = settings.Limits with { MaxSessions = 3 } });
        using (await Associate.OpenAsync(node.Endpoint))
        {
            Assert.Equal((1, 2), (node.Node.Gate.Sessions, node.Node.Gate.Places));
            using var second = await node.ConnectAsync();
            await second.SendAsync([.. Wire.GreetingWithoutAuthentication, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0]);
            await second.ExpectAsync(5, 0);
            Assert.Equal(ReplyCode.GeneralFailure, (await second.ReceiveReplyAsync()).Code);
        }

        await node.QuietAsync();
        Assert.Equal(0, node.Node.Gate.Places);
        using (await Associate.OpenAsync(node.Endpoint))
            Assert.Equal(2, node.Node.Gate.Places);
    }

    private Task<TestNode> NodeAsync(Engine engine) => nodes.NodeAsync(engine, AcceptedMethod.None);

    private static bool IsFree(IPEndPoint endpoint)
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(endpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Ports next to each other that nobody has, below those that the system gives out.</summary>
    private static PortRange FreePorts(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 32_000);
            if (Enumerable.Range(first, count).All(port => IsFree(new IPEndPoint(IPAddress.Loopback, port))))
                return new PortRange(first, first + count - 1);
        }
    }
}
