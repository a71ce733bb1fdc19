using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Listening;

/// <summary>Clients that come in great numbers and mean no good.</summary>
[Collection(Alone.Name)]
public sealed class OverloadTests
{
    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task T14_slow_clients_are_closed_on_time_and_harm_nobody(Engine engine)
    {
        const int SlowClients = 2000;
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.None);
        settings = settings with { Limits = settings.Limits with { HandshakeTimeout = TimeSpan.FromSeconds(3) } };
        await using var node = await TestNode.StartAsync(settings);
        using var origin = Origin.Echo();
        (await node.OpenAsync(origin.Endpoint)).Dispose();
        await node.QuietAsync();

        var slow = new List<SocksClient>();
        for (var i = 0; i < SlowClients; i++)
            slow.Add(await node.ConnectAsync());
        var dripping = DripAsync(slow);
        var latencies = new List<double>();
        while (!dripping.IsCompleted)
        {
            var started = Stopwatch.GetTimestamp();
            using (await node.OpenAsync(origin.Endpoint))
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await dripping;
        await node.QuietAsync();
        slow.ForEach(it => it.Dispose());
        var lines = await node.StopAndReadLogAsync();
        var timedOut = lines.Where(line => line.GetProperty("end").GetString() == "handshake-timed-out").ToList();
        Assert.Equal(SlowClients, timedOut.Count);
        Assert.All(timedOut, line => Assert.InRange(line.GetProperty("durationMs").GetInt64(), 3000, 4000));
        latencies.Sort();
        Assert.InRange(latencies.Count, 100, int.MaxValue);
        Assert.InRange(latencies[latencies.Count * 99 / 100], 0, 100);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task T15_resets_at_any_moment_leave_nothing_behind(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.Password));
        using var origin = Origin.Echo();
        byte[] exchange = [.. Wire.AliceTo(origin.Endpoint), 1, 2, 3];
        await ResetAfterAsync(exchange.Length);
        await node.QuietAsync();
        var before = Descriptors();

        var random = new Random(1);
        var lengths = Enumerable.Range(0, 3000).Select(_ => random.Next(exchange.Length + 1)).ToArray();
        var fifty = new ParallelOptions { MaxDegreeOfParallelism = 50 };
        await Parallel.ForEachAsync(lengths, fifty, async (length, _) => await ResetAfterAsync(length));

        await node.QuietAsync();
        await Eventually.TrueAsync(() => Descriptors() <= before + 5, $"descriptors to be back at {before}");
        var lines = await node.StopAndReadLogAsync();
        Assert.Equal(lengths.Length + 1, lines.Count);
        Assert.DoesNotContain(lines, line => line.GetProperty("end").GetString() is "failed" or "node-stopped");

        async Task ResetAfterAsync(int length)
        {
            using var client = await node.ConnectAsync();
            await client.SendAsync(exchange[..length]);
            if (length % 2 == 0 && length > 3)
                await client.ReceiveAsync(2);
            client.Reset();
        }
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    /// <summary>A byte to each, now and then, until all are closed. The greeting begun announces more than will come.</summary>
    private static async Task DripAsync(List<SocksClient> clients)
    {
        var open = clients.Select(it => it.Socket).ToList();
        open.ForEach(it => it.Blocking = false);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var drop = new byte[] { 5 };
        while (open.Count > 0)
        {
            open.RemoveAll(socket => socket.Poll(0, SelectMode.SelectRead));
            foreach (var socket in open)
                socket.Send(drop, SocketFlags.None, out _);
            drop[0] = 255;
            await beat.WaitForNextTickAsync();
        }
    }
}
