using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>Where the handshake ends and the tunnel begins: rows G11, P1, P2, P6, P8 and P9.</summary>
public sealed class DataPhaseTests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    private static readonly byte[] Payload = Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\n\r\n");

    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task G11_and_P1_everything_in_one_segment_loses_no_byte(Engine engine)
    {
        using var origin = Origin.Echo();
        using var client = await ConnectAsync(engine);
        await client.SendAsync(Exchange(origin));
        client.ShutdownSend();
        await ExpectEchoAsync(client);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P2_byte_by_byte_gives_the_same_bytes(Engine engine)
    {
        using var origin = Origin.Echo();
        using var client = await ConnectAsync(engine);
        foreach (var one in Exchange(origin))
            await client.SendAsync(one);
        client.ShutdownSend();
        await ExpectEchoAsync(client);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P2_every_split_in_two_gives_the_same_bytes(Engine engine)
    {
        using var origin = Origin.Echo();
        var exchange = Exchange(origin);
        for (var split = 1; split < exchange.Length; split++)
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync(exchange[..split]);

            // What is complete is answered before the rest comes, so the two parts are read apart.
            var answered = (split >= 3 ? 2 : 0) + (split >= 17 ? 2 : 0);
            var first = await client.ReceiveAsync(answered);
            await client.SendAsync(exchange[split..]);
            client.ShutdownSend();
            byte[] all = [.. first, .. await client.ReceiveToEndAsync()];
            AssertEcho(all);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P1_bytes_behind_the_request_reach_the_destination_first(Engine engine)
    {
        using var origin = new Origin();
        using var client = await ConnectAsync(engine);
        var early = new byte[300_000];
        Random.Shared.NextBytes(early);
        var sending = client.SendAsync([.. Exchange(origin)[..^Payload.Length], .. early]);
        using var served = await origin.AcceptAsync();
        var received = new byte[early.Length];
        for (var got = 0; got < received.Length;)
            got += await served.ReceiveAsync(received.AsMemory(got)).AsTask().InTime();
        await sending;
        Assert.Equal(early, received);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P1_bytes_behind_a_request_that_is_refused_go_nowhere(Engine engine)
    {
        using var origin = new Origin();
        using var client = await ConnectAsync(engine);
        byte[] refused = Wire.Connect(new IPEndPoint(IPAddress.Parse("10.0.0.1"), origin.Endpoint.Port));
        await client.SendAsync([.. Exchange(origin)[..17], .. refused, .. Wire.Connect(origin.Endpoint), .. Payload]);
        await client.ExpectLastAsync([5, 2, 1, 0, .. Wire.Refusing(2)]);
        Assert.False(origin.HasClient);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P1_a_client_that_sends_on_while_connecting_is_held_back(Engine engine)
    {
        using var origin = await StuckOrigin.StartAsync();
        using var client = await ConnectAsync(engine);
        await client.SendAsync(Wire.AliceTo(origin.Endpoint));
        await client.ExpectAsync(5, 2, 1, 0);
        client.Socket.Blocking = false;
        client.Socket.SendBufferSize = 64 * 1024;
        var chunk = new byte[64 * 1024];

        // Held back means that for half a second the kernel takes nothing more.
        var sent = 0L;
        var stalled = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (stalled.ElapsedMilliseconds < 500)
        {
            var n = client.Socket.Send(chunk, SocketFlags.None, out var error);
            if (error == SocketError.Success && n > 0)
            {
                sent += n;
                stalled.Restart();
                Assert.True(sent < 64L * 1024 * 1024, "The proxy takes bytes without end while it connects.");
            }
            else
            {
                await poll.WaitForNextTickAsync();
            }
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P6_a_FIN_before_the_reply_is_only_a_half_close(Engine engine)
    {
        using var origin = await StuckOrigin.StartAsync();
        using var client = await ConnectAsync(engine);
        await client.SendAsync([.. Wire.AliceTo(origin.Endpoint), .. Payload]);
        client.ShutdownSend();
        await client.ExpectAsync(5, 2, 1, 0);

        using var served = await origin.AcceptAsync();
        var received = new byte[100];
        var got = 0;
        while (await served.ReceiveAsync(received.AsMemory(got)).AsTask().InTime() is var n and > 0)
            got += n;
        Assert.Equal(Payload, received[..got]);
        await served.SendAsync(new byte[] { 1, 2, 3 });
        served.Shutdown(SocketShutdown.Send);
        Assert.Equal([1, 2, 3], (await client.ReceiveToEndAsync())[^3..]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P6_a_reset_before_the_reply_cancels_the_connect(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.None));
        using var origin = await StuckOrigin.StartAsync();
        var client = await node.ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(origin.Endpoint)]);
        await client.ExpectAsync(5, 0);
        await Eventually.TrueAsync(() => IsConnectingTo(origin.Endpoint.Port), "a SYN to be sent");

        client.Reset();

        await node.QuietAsync();
        Assert.False(IsConnectingTo(origin.Endpoint.Port));
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("client-reset", line.GetProperty("end").GetString());
        Assert.InRange(line.GetProperty("durationMs").GetInt64(), 0, 3000);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task P9_two_small_writes_are_not_held_back_for_an_acknowledgement(Engine engine)
    {
        using var origin = Origin.Echo();
        using var client = await ConnectAsync(engine);
        await client.SendAsync(Exchange(origin)[..^Payload.Length]);
        await client.ReceiveAsync(14);
        var waited = Stopwatch.StartNew();
        for (var round = 0; round < 100; round++)
        {
            await client.SendAsync(1);
            await client.SendAsync(2);
            await client.ExpectAsync(1, 2);
        }

        // With Nagle's delay in the way each round takes the 40 ms of a delayed acknowledgement.
        Assert.InRange(waited.ElapsedMilliseconds, 0, 2000);
    }

    /// <summary>Whether a socket of this host is in SYN-SENT to a port of loopback.</summary>
    private static bool IsConnectingTo(int port) => File.ReadLines("/proc/net/tcp").Any(line =>
        line.Contains($" 0100007F:{port:X4} 02 ", StringComparison.Ordinal));

    private static byte[] Exchange(Origin origin) => [.. Wire.AliceTo(origin.Endpoint), .. Payload];

    private static async Task ExpectEchoAsync(SocksClient client) => AssertEcho(await client.ReceiveToEndAsync());

    private static void AssertEcho(byte[] all)
    {
        Assert.Equal("05020100050000017F000001", Convert.ToHexString(all[..12]));
        Assert.Equal(Payload, all[14..]);
    }

    private async Task<SocksClient> ConnectAsync(Engine engine) =>
        await (await nodes.NodeAsync(engine, AcceptedMethod.Password)).ConnectAsync();
}
