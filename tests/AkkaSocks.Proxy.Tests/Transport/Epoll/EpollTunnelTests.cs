using System.Net.Sockets;
using System.Security.Cryptography;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport.Epoll;

/// <summary>The tunnel by itself; as a relay it is in RelayTests.</summary>
public sealed class EpollTunnelTests : IDisposable
{
    private const int MiB = 1024 * 1024;
    private readonly TransportPair _pair = new(epoll: true);

    private TunnelBuffers Buffers => ((EpollLane)_pair.Lane).Loop.Buffers;

    [Fact]
    public async Task Bulk_is_spliced_and_arrives_unchanged()
    {
        await AssertCarriesAsync(await OpenAsync());
        Assert.Equal(0, Buffers.Fallbacks);
    }

    [Fact]
    public async Task Where_the_kernel_does_not_splice_bulk_is_copied_and_arrives_unchanged()
    {
        await _pair.OnLane(Buffers.SpliceRefused);
        await AssertCarriesAsync(await OpenAsync());
    }

    [Fact]
    public async Task Where_no_pipe_is_left_bulk_is_copied_and_arrives_unchanged()
    {
        var lent = await _pair.OnLane(() => Lend(TunnelBuffers.MaxLentPipes));
        await AssertCarriesAsync(await OpenAsync());
        Assert.InRange(Buffers.Fallbacks, 2, int.MaxValue);
        await _pair.OnLane(() => lent.ForEach(pipe => Buffers.GiveBack(pipe, isEmpty: true)));
    }

    [Fact]
    public async Task T18_readers_that_stall_with_all_the_pipes_hold_nobody_up_and_lose_nothing()
    {
        // As if as many tunnels had stalled already: so many real ones would take gigabytes of the kernel's memory.
        var lent = await _pair.OnLane(() => Lend(TunnelBuffers.MaxLentPipes - 4));
        var stalled = new List<Ends>();
        var sending = new List<Task<long>>();
        for (var i = 0; i < 8; i++)
        {
            stalled.Add(await OpenAsync());
            sending.Add(SendUntilStalledAsync(stalled[^1].Destination));
        }

        var sent = await Task.WhenAll(sending).InTime();
        await AssertCarriesAsync(await OpenAsync());

        for (var i = 0; i < stalled.Count; i++)
        {
            stalled[i].Destination.Shutdown(SocketShutdown.Send);
            Assert.Equal(sent[i], (await ReceiveAllAsync(stalled[i].Client).InTime()).LongLength);
        }

        await _pair.OnLane(() => lent.ForEach(pipe => Buffers.GiveBack(pipe, isEmpty: true)));
    }

    [Fact]
    public async Task Stopping_resets_both_sides_and_is_told_once()
    {
        var ends = await OpenAsync();
        await _pair.OnLane(() =>
        {
            ends.Tunnel.Stop(SessionEnd.IdleTimedOut);
            ends.Tunnel.Stop(SessionEnd.NodeStopped);
        });
        Assert.Equal([SessionEnd.IdleTimedOut], ends.Owner.Ends);
        foreach (var farEnd in new[] { ends.Client, ends.Destination })
        {
            var reset = await Assert.ThrowsAsync<SocketException>(() => farEnd.ReceiveAsync(new byte[1]).InTime());
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    [Fact]
    public async Task The_prefix_goes_first_and_counts()
    {
        var ends = await OpenAsync(prefix: [1, 2, 3]);
        await ends.Client.SendAsync(new byte[] { 4 });
        ends.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal([1, 2, 3, 4], await ReceiveAllAsync(ends.Destination).InTime());
        Assert.Equal(4, await _pair.OnLane(() => ends.Tunnel.ClientToDestination));
        Assert.True(await _pair.OnLane(() => ends.Tunnel.IsHalfClosed));
    }

    public void Dispose() => _pair.Dispose();

    private async Task<Ends> OpenAsync(byte[]? prefix = null)
    {
        var (client, farClient) = await _pair.AcceptAsync(new WaitingOwner());
        var (destination, farDestination) = await _pair.DialAsync(new WaitingOwner());
        var owner = new TunnelOwner();
        var tunnel = await _pair.OnLane(() => _pair.Lane.StartTunnel(client, destination, prefix, owner));
        return new Ends(farClient, farDestination, tunnel, owner);
    }

    private List<SplicePipe> Lend(int pipes) => [.. Enumerable.Range(0, pipes).Select(_ => Buffers.Lend()!)];

    private static async Task AssertCarriesAsync(Ends ends)
    {
        var up = RandomNumberGenerator.GetBytes(24 * MiB);
        var down = RandomNumberGenerator.GetBytes(24 * MiB);
        var received = await Task.WhenAll(
            ReceiveAllAsync(ends.Destination),
            ReceiveAllAsync(ends.Client),
            SendAllAsync(ends.Client, up),
            SendAllAsync(ends.Destination, down)).InTime();
        Assert.True(up.AsSpan().SequenceEqual(received[0]));
        Assert.True(down.AsSpan().SequenceEqual(received[1]));
        await Eventually.TrueAsync(() => ends.Owner.Ends.Count > 0, "the tunnel to end");
        Assert.Equal([SessionEnd.Completed], ends.Owner.Ends);
        Assert.Equal((up.LongLength, down.LongLength), (ends.Tunnel.ClientToDestination, ends.Tunnel.DestinationToClient));
    }

    private static async Task<byte[]> SendAllAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        socket.Shutdown(SocketShutdown.Send);
        return [];
    }

    private static async Task<byte[]> ReceiveAllAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[256 * 1024];
        while (await socket.ReceiveAsync(buffer) is var n and > 0)
            all.Write(buffer, 0, n);
        return all.ToArray();
    }

    /// <summary>Stalled means that for half a second the kernel takes nothing more.</summary>
    private static async Task<long> SendUntilStalledAsync(Socket socket)
    {
        socket.Blocking = false;
        var chunk = new byte[256 * 1024];
        long sent = 0, since = Environment.TickCount64;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Environment.TickCount64 - since < 500)
        {
            var n = socket.Send(chunk, SocketFlags.None, out var error);
            if (error == SocketError.Success && n > 0)
                (sent, since) = (sent + n, Environment.TickCount64);
            else
                await poll.WaitForNextTickAsync();
        }

        return sent;
    }

    private sealed record Ends(Socket Client, Socket Destination, Tunnel Tunnel, TunnelOwner Owner);

    private sealed class TunnelOwner : ITunnelOwner
    {
        public List<SessionEnd> Ends { get; } = [];

        public void OnHalfClosed()
        {
        }

        public void OnEnded(SessionEnd end) => Ends.Add(end);
    }
}
