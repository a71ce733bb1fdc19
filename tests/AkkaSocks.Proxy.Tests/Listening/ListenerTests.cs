using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Listening;

/// <summary>Where a node listens, whom it lets in, and how it stops.</summary>
public sealed class ListenerTests
{
    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task A_listener_that_cannot_be_bound_is_named_and_nothing_listens(Engine engine)
    {
        using var taken = new Origin();
        int free;
        using (var probe = new Origin())
            free = probe.Endpoint.Port;
        var settings = TestSettings.Default.Over(engine) with
        {
            Listeners =
            [
                new ListenerSettings("good", new IPEndPoint(IPAddress.Loopback, free), [ListenerProtocol.Socks5]) { ProxyProtocol = null },
                new ListenerSettings("bad", taken.Endpoint, [ListenerProtocol.Socks5]) { ProxyProtocol = null },
            ],
        };

        var failed = await Assert.ThrowsAsync<BindFailedException>(() => TestNode.StartAsync(settings));

        Assert.Equal("bad", failed.Listener.Name);
        Assert.Equal(SocketError.AddressAlreadyInUse, failed.Error);
        Assert.Contains("bad", failed.Message, StringComparison.Ordinal);
        Assert.Contains(taken.Endpoint.ToString(), failed.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SocketException>(() => SocksClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, free)));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_address_this_host_does_not_have_cannot_be_bound(Engine engine)
    {
        var failed = await Assert.ThrowsAsync<BindFailedException>(
            () => TestNode.StartAsync(ListeningOn(engine, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0))));
        Assert.Equal(SocketError.AddressNotAvailable, failed.Error);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_IPv6_listener_serves_IPv6_clients(Engine engine)
    {
        await using var node = await TestNode.StartAsync(ListeningOn(engine, new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        Assert.Equal(IPAddress.IPv6Loopback, node.Endpoint.Address);
        using var origin = Origin.Echo();
        using (await node.OpenAsync(origin.Endpoint))
        {
            // Tunnelled to an IPv4 destination.
        }

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.StartsWith("[::1]:", line.GetProperty("client").GetString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_wildcard_listener_shows_IPv4_clients_as_IPv4(Engine engine)
    {
        await using var node = await TestNode.StartAsync(ListeningOn(engine, new IPEndPoint(IPAddress.IPv6Any, 0)));
        using var origin = Origin.Echo();
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using var client = await SocksClient.ConnectAsync(new IPEndPoint(address, node.Endpoint.Port));
            await client.HandshakeAsync(origin.Endpoint);
        }

        await node.QuietAsync();
        var clients = (await node.StopAndReadLogAsync()).Select(line => line.GetProperty("client").GetString()!).Order().ToList();
        Assert.Equal(2, clients.Count);
        Assert.StartsWith("127.0.0.1:", clients[0], StringComparison.Ordinal);
        Assert.StartsWith("[::1]:", clients[1], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task S5_a_wildcard_listener_cannot_be_reached_through_itself(Engine engine)
    {
        await using var node = await TestNode.StartAsync(ListeningOn(engine, new IPEndPoint(IPAddress.IPv6Any, 0)));
        foreach (var host in new[] { "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost" })
        {
            using var client = await SocksClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Endpoint.Port));
            await client.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(host, node.Endpoint.Port)]);
            await client.ExpectLastAsync([5, 0, .. Wire.Refusing(2)]);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Who_comes_when_all_places_are_taken_is_closed_without_a_byte(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        await using var node = await TestNode.StartAsync(settings with { Limits = settings.Limits with { MaxSessions = 1 } });
        using var origin = Origin.Echo();
        var first = await node.OpenAsync(origin.Endpoint);
        using (var second = await node.ConnectAsync())
            Assert.Empty(await second.ReceiveToEndAsync());
        first.Dispose();
        await node.QuietAsync();
        using (await node.OpenAsync(origin.Endpoint))
        {
            // There is a place again.
        }

        await node.QuietAsync();
        var lines = await node.StopAndReadLogAsync();
        Assert.Equal(3, lines.Count);
        Assert.Equal("too-many-sessions", lines[0].GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task S13_who_has_too_many_sessions_already_is_closed_without_a_byte(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine);
        settings = settings with { Limits = settings.Limits with { MaxSessionsPerAddress = 1 } };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        using var first = await node.OpenAsync(origin.Endpoint);
        using (var second = await node.ConnectAsync())
            Assert.Empty(await second.ReceiveToEndAsync());
        Assert.Equal("too-many-sessions-from-address", (await node.StopAndReadLogAsync())[0].GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_node_that_stops_while_clients_stream_in_keeps_none(Engine engine)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(engine));
        var arrived = 0;
        var streamingIn = Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (_, _) =>
        {
            try
            {
                using var client = await node.ConnectAsync();
                Interlocked.Increment(ref arrived);
                await client.SendAsync(5, 1, 0);
                await client.ReceiveToEndAsync();
            }
            catch (SocketException)
            {
                // Refused or reset: the node is stopping.
            }
        });
        await Eventually.TrueAsync(() => Volatile.Read(ref arrived) > 15, "clients to come");

        var lines = await node.StopAndReadLogAsync();

        await streamingIn.InTime();
        Assert.Equal(0, node.Node.Gate.Sessions);
        string[] expected = ["node-stopped", "client-closed", "client-reset"];
        Assert.All(lines, line => Assert.Contains(line.GetProperty("end").GetString(), expected));
    }

    private static ProxySettings ListeningOn(Engine engine, IPEndPoint endpoint) => TestSettings.Default.Over(engine) with
    {
        Listeners = [new ListenerSettings("main", endpoint, [ListenerProtocol.Socks5]) { ProxyProtocol = null }],
    };
}
