using System.Net.Sockets;
using System.Security.Cryptography;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Relays;

/// <summary>What a relay owes its two sides, over every transport and engine, in the clear and inside TLS.</summary>
public sealed class RelayTests
{
    private const int MiB = 1024 * 1024;

    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    [Theory, MemberData(nameof(Ways))]
    public async Task Bytes_arrive_unchanged_both_ways_at_once(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();
        var up = RandomNumberGenerator.GetBytes(32 * MiB);
        var down = RandomNumberGenerator.GetBytes(32 * MiB);

        var results = await Task.WhenAll(
            SendAll(client, up), SendAll(served, down), ReceiveAll(served), client.ReceiveToEndAsync()).InTime();

        Assert.True(up.AsSpan().SequenceEqual(results[2]));
        Assert.True(down.AsSpan().SequenceEqual(results[3]));
        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("completed", line.GetProperty("end").GetString());
        Assert.Equal(up.Length, line.GetProperty("clientToDestination").GetInt64());
        Assert.Equal(down.Length, line.GetProperty("destinationToClient").GetInt64());
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P3_half_close_delivers_all_and_leaves_the_other_direction_open(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = new Origin();
        var up = RandomNumberGenerator.GetBytes(8 * MiB);
        var back = RandomNumberGenerator.GetBytes(1 * MiB);
        for (var round = 0; round < 30; round++)
        {
            using var client = await node.OpenAsync(origin.Endpoint);
            using var served = await origin.AcceptAsync();
            await Task.WhenAll(SendAll(client, up), ReceiveAll(served)).InTime();
            var received = await Task.WhenAll(SendAll(served, back), client.ReceiveToEndAsync()).InTime();
            Assert.True(back.AsSpan().SequenceEqual(received[1]), $"round {round}");
        }

        await node.QuietAsync();
        Assert.All(await node.StopAndReadLogAsync(), line =>
        {
            Assert.Equal("completed", line.GetProperty("end").GetString());
            Assert.Equal(up.Length, line.GetProperty("clientToDestination").GetInt64());
            Assert.Equal(back.Length, line.GetProperty("destinationToClient").GetInt64());
        });
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P3_the_destination_may_half_close_too(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        served.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReceiveToEndAsync());
        var late = RandomNumberGenerator.GetBytes(3 * MiB);
        var received = await Task.WhenAll(SendAll(client, late), ReceiveAll(served)).InTime();

        Assert.True(late.AsSpan().SequenceEqual(received[1]));
        await node.QuietAsync();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P4_a_half_closed_relay_without_progress_is_ended(Way way)
    {
        var settings = TestSettings.Default.Over(way);
        settings = settings with { Relay = settings.Relay with { HalfCloseTimeout = TimeSpan.FromSeconds(1) } };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();
        client.ShutdownSend();

        await client.ExpectResetAsync();

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("half-close-timed-out", line.GetProperty("end").GetString());
        Assert.InRange(line.GetProperty("durationMs").GetInt64(), 1000, 2000);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P5_a_reset_of_the_destination_resets_the_client(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = new Origin();
        for (var round = 0; round < 50; round++)
        {
            using var client = await node.OpenAsync(origin.Endpoint);
            var served = await origin.AcceptAsync();
            await served.SendAsync(new byte[1000]);
            await client.ReceiveAsync(1000);
            served.LingerState = new LingerOption(true, 0);
            served.Dispose();
            await client.ExpectResetAsync();
        }

        await node.QuietAsync();
        Assert.All(await node.StopAndReadLogAsync(), line => Assert.Equal("destination-reset", line.GetProperty("end").GetString()));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P5_a_reset_of_the_client_resets_the_destination_even_while_it_is_not_read(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = new Origin();
        for (var round = 0; round < 50; round++)
        {
            var client = await node.OpenAsync(origin.Endpoint);
            using var served = await origin.AcceptAsync();
            var sending = SendUntilBroken(served);
            await client.ReceiveAsync(1000);
            client.Reset();
            Assert.Contains(await sending.InTime(), new[] { SocketError.ConnectionReset, SocketError.Shutdown });
        }

        await node.QuietAsync();
        Assert.All(await node.StopAndReadLogAsync(), line => Assert.Equal("client-reset", line.GetProperty("end").GetString()));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P7_an_idle_relay_is_reset_on_both_sides(Way way)
    {
        var settings = TestSettings.Default.Over(way);
        settings = settings with { Relay = settings.Relay with { IdleTimeout = TimeSpan.FromSeconds(1) } };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        await client.ExpectResetAsync();

        Assert.Equal(
            SocketError.ConnectionReset,
            (await Assert.ThrowsAsync<SocketException>(() => served.ReceiveAsync(new byte[1]).InTime())).SocketErrorCode);
        await node.QuietAsync();
        Assert.Equal("idle-timed-out", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("end").GetString());
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P7_traffic_keeps_a_relay_alive(Way way)
    {
        var settings = TestSettings.Default.Over(way);
        settings = settings with { Relay = settings.Relay with { IdleTimeout = TimeSpan.FromSeconds(4) } };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        for (var beats = 0; beats < 18; beats++)
        {
            await beat.WaitForNextTickAsync();
            await client.SendAsync((byte)beats);
            Assert.Equal([(byte)beats], await client.ReceiveAsync(1));
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task P8_a_reader_that_does_not_read_stops_the_writer(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();
        served.Blocking = false;
        served.SendBufferSize = 64 * 1024;
        var chunk = new byte[64 * 1024];
        RandomNumberGenerator.Fill(chunk);

        // The writer counts as stopped when for a whole second the kernel takes nothing more.
        long sent = 0, stalledSince = Environment.TickCount64;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (Environment.TickCount64 - stalledSince < 1000)
        {
            var n = served.Send(chunk, SocketFlags.None, out var error);
            if (error == SocketError.Success && n > 0)
            {
                sent += n;
                stalledSince = Environment.TickCount64;
                Assert.True(sent < 64L * MiB, "The proxy takes bytes without end for a client that reads none.");
            }
            else
            {
                await poll.WaitForNextTickAsync();
            }
        }

        var received = 0L;
        var buffer = new byte[MiB];
        while (received < sent)
            received += await client.ReceiveSomeAsync(buffer);
        Assert.Equal(sent, received);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Stopping_the_node_resets_its_relays(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();
        await client.SendAsync(1);
        Assert.Equal(1, await served.ReceiveAsync(new byte[10]).InTime());

        var lines = await node.StopAndReadLogAsync();

        await client.ExpectResetAsync();
        Assert.Equal("node-stopped", Assert.Single(lines).GetProperty("end").GetString());
        Assert.Equal(1, lines[0].GetProperty("clientToDestination").GetInt64());
    }

    private static async Task<byte[]> SendAll(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        socket.Shutdown(SocketShutdown.Send);
        return [];
    }

    private static async Task<byte[]> SendAll(SocksClient client, byte[] bytes)
    {
        if (client.Tls is null)
            return await SendAll(client.Socket, bytes);
        await client.SendAsync(bytes);
        client.ShutdownSend();
        return [];
    }

    private static async Task<byte[]> ReceiveAll(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[256 * 1024];
        while (await socket.ReceiveAsync(buffer) is var n and > 0)
            all.Write(buffer, 0, n);
        return all.ToArray();
    }

    private static async Task<SocketError> SendUntilBroken(Socket socket)
    {
        try
        {
            while (true)
                await socket.SendAsync(new byte[64 * 1024]);
        }
        catch (SocketException broken)
        {
            return broken.SocketErrorCode;
        }
    }
}
