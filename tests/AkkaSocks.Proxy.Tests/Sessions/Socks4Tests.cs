using System.Net;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>SOCKS4 and 4A on the wire: rows F1 to F7 and A9. BIND and RESOLVE by SOCKS4 stand with the others'.</summary>
public sealed class Socks4Tests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    private const byte Connect = 1;
    private static readonly byte[] Granted = [0, 0x5A];

    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task F1_a_connect_is_granted_in_eight_octets_and_is_a_tunnel(Engine engine)
    {
        using var origin = Origin.Echo();
        using var client = await ConnectAsync(engine);
        await client.SendAsync([.. Wire.Socks4(Connect, origin.Endpoint, "alice"), .. "early"u8]);
        await client.ExpectAsync(Granted);
        await client.ReceiveAsync(6);
        await client.ExpectAsync([.. "early"u8]);
        await client.SendAsync([.. "late"u8]);
        client.ShutdownSend();
        await client.ExpectLastAsync([.. "late"u8]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F1_byte_by_byte_it_is_the_same(Engine engine)
    {
        using var origin = Origin.Echo();
        using var client = await ConnectAsync(engine);
        foreach (var octet in Wire.Socks4A(Connect, "127.0.0.1", origin.Endpoint.Port))
            await client.SendAsync(octet);
        await client.ExpectAsync(Granted);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F2_a_name_is_looked_up_whatever_the_last_octet_that_announces_it(Engine engine)
    {
        using var origin = Origin.Echo();
        foreach (byte last in new byte[] { 1, 255 })
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync(Wire.Socks4A(Connect, "localhost", origin.Endpoint.Port, last));
            await client.ExpectAsync(Granted);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F3_a_failure_is_5B_whatever_its_cause_and_then_FIN(Engine engine)
    {
        int closed;
        using (var gone = new Origin())
            closed = gone.Endpoint.Port;
        using var client = await ConnectAsync(engine);
        await client.SendAsync(Wire.Socks4(Connect, new IPEndPoint(IPAddress.Loopback, closed)));
        await client.ExpectLastAsync(Wire.Socks4Refusal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F4_zeros_and_texts_without_an_end_are_refused(Engine engine)
    {
        byte[][] requests =
        [
            Wire.Socks4(Connect, new IPEndPoint(IPAddress.Any, 80)),
            Wire.Socks4(Connect, new IPEndPoint(IPAddress.Loopback, 0)),
            [4, 1, 0, 80, 127, 0, 0, 1, .. Enumerable.Repeat((byte)'u', 256)],
            [4, 1, 0, 80, 0, 0, 0, 1, 0, .. Enumerable.Repeat((byte)'n', 256)],
        ];
        foreach (var request in requests)
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync(request);
            await client.ExpectLastAsync(Wire.Socks4Refusal);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F5_a_command_that_is_not_carried_is_refused_once_its_request_is_read(Engine engine)
    {
        // 3 is UDP ASSOCIATE and F1 RESOLVE_PTR in SOCKS5: here they are nothing.
        foreach (byte command in new byte[] { 0, 2, 3, 9, 0xF0, 0xF1, 0xFF })
        {
            using var client = await ConnectAsync(engine);
            var request = Wire.Socks4A(command, "localhost", 80);
            await client.SendAsync(request[..^1]);
            await client.SendAsync(request[^1]);
            await client.ExpectLastAsync(Wire.Socks4Refusal);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F6_names_and_addresses_are_judged_as_those_of_SOCKS5_are(Engine engine)
    {
        byte[][] requests =
        [
            .. new[] { "127.1", "2130706433", "0x7f000001", "a b", "[::1]", "", "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1" }
                .Select(name => Wire.Socks4A(Connect, name, 80)),
            Wire.Socks4(Connect, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80)),
            Wire.Socks4(Connect, new IPEndPoint(IPAddress.Broadcast, 80)),
            Wire.Socks4(Connect, (await NodeAsync(engine)).Endpoint),
        ];
        foreach (var request in requests)
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync(request);
            await client.ExpectLastAsync(Wire.Socks4Refusal);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F7_where_it_is_not_offered_it_is_closed_without_a_byte(Engine engine)
    {
        using var client = await (await nodes.NodeAsync(engine, AcceptedMethod.None)).ConnectAsync();
        await client.SendAsync(Wire.Socks4(Connect, new IPEndPoint(IPAddress.Loopback, 80)));
        await client.ExpectLastAsync();
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A9_where_a_login_is_required_it_is_refused_and_no_USERID_helps(Engine engine)
    {
        using var origin = new Origin();
        var node = await nodes.NodeAsync(engine, "socks4 password", () => Settings(engine, AcceptedMethod.Password));
        foreach (var request in new[] { Wire.Socks4(Connect, origin.Endpoint, "alice"), Wire.Socks4A(Connect, "127.0.0.1", origin.Endpoint.Port) })
        {
            using var client = await node.ConnectAsync();
            await client.SendAsync(request);
            await client.ExpectLastAsync(Wire.Socks4Refusal);
        }

        Assert.False(origin.HasClient);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task S12_the_log_says_what_was_asked_for_and_nothing_that_USERID_says(Engine engine)
    {
        await using var node = await TestNode.StartAsync(Settings(engine, AcceptedMethod.None));
        using (var client = await node.ConnectAsync())
        {
            await client.SendAsync(Wire.Socks4(Connect, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80), "root\r\nlogin ok\u001b[2J"));
            await client.ExpectLastAsync(Wire.Socks4Refusal);
        }

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("socks4", line.GetProperty("protocol").GetString());
        Assert.Equal("10.0.0.1:80", line.GetProperty("destination").GetString());
        Assert.Equal("special-purpose-address", line.GetProperty("refusal").GetString());
        Assert.DoesNotContain("root", line.ToString());
    }

    private static ProxySettings Settings(Engine engine, AcceptedMethod method) => SharedNodes.Accepting(engine, method)
        .With(it => it with { Protocols = [ListenerProtocol.Socks5, ListenerProtocol.Socks4] });

    private Task<TestNode> NodeAsync(Engine engine) => nodes.NodeAsync(engine, "socks4", () => Settings(engine, AcceptedMethod.None));

    private async Task<SocksClient> ConnectAsync(Engine engine) => await (await NodeAsync(engine)).ConnectAsync();
}
