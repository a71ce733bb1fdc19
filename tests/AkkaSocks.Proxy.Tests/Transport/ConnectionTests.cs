using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport;

/// <summary>What a connection promises its owner, over both transports.</summary>
public sealed class ConnectionTests
{
    private readonly WaitingOwner _owner = new();

    [Theory, InlineData(true), InlineData(false)]
    public async Task It_reads_what_was_sent_then_nothing_then_the_end(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        Assert.Equal(IoStatus.WouldBlock, (await pair.OnLane(() => connection.Read(new byte[10]))).Status);

        await farEnd.SendAsync(new byte[] { 1, 2, 3 });
        var buffer = new byte[10];
        await pair.UntilAsync(_owner, () => connection.Read(buffer) == IoResult.Done(3));
        Assert.Equal([1, 2, 3], buffer[..3]);

        farEnd.Shutdown(SocketShutdown.Send);
        await pair.UntilAsync(_owner, () => connection.Read(buffer) == IoResult.EndOfStream);
        Assert.Equal(IoResult.EndOfStream, await pair.OnLane(() => connection.Read(buffer)));
        Assert.False(await pair.OnLane(() => connection.IsReset));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_new_owner_that_tries_once_misses_nothing(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        await farEnd.SendAsync(new byte[] { 1 });
        await _owner.SignalAsync();

        // Nobody has read when the next owner comes.
        var next = new WaitingOwner();
        await pair.OnLane(() => connection.Watch(next));
        Assert.True(await pair.OnLane(() => connection.IsReadable));
        Assert.Equal(IoResult.Done(1), await pair.OnLane(() => connection.Read(new byte[10])));
        Assert.Equal(IoStatus.WouldBlock, (await pair.OnLane(() => connection.Read(new byte[10]))).Status);
        await farEnd.SendAsync(new byte[] { 2 });
        await pair.UntilAsync(next, () => connection.Read(new byte[10]) == IoResult.Done(1));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Both_ends_have_their_addresses(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (accepted, client) = await pair.AcceptAsync(_owner);
        Assert.Equal(client.LocalEndPoint, accepted.Remote);
        Assert.Equal(client.RemoteEndPoint, await pair.OnLane(() => accepted.Local));

        var (dialed, server) = await pair.DialAsync(new WaitingOwner());
        Assert.Equal(SocketError.Success, await pair.OnLane(dialed.ConnectOutcome));
        Assert.Equal(server.RemoteEndPoint, await pair.OnLane(() => dialed.Local));
        Assert.Equal(server.LocalEndPoint, dialed.Remote);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Closing_in_order_delivers_everything_that_was_taken_and_then_FIN(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        var chunk = new byte[64 * 1024];
        var taken = 0L;
        for (var blocked = false; !blocked;)
        {
            var written = await pair.OnLane(() => connection.Write(chunk));
            taken += written.Bytes;
            blocked = written.Status == IoStatus.WouldBlock;
        }

        await pair.OnLane(connection.Close);

        var received = 0L;
        while (await farEnd.ReceiveAsync(chunk).InTime() is var n and > 0)
            received += n;
        Assert.Equal(taken, received);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Shutting_down_after_a_long_write_sends_FIN_behind_the_last_byte(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        var chunk = new byte[8 * 1024 * 1024];
        var written = await pair.OnLane(() => connection.Write(chunk));
        Assert.InRange(written.Bytes, 1, chunk.Length);
        await pair.OnLane(connection.ShutdownSend);

        var received = 0;
        while (await farEnd.ReceiveAsync(chunk).InTime() is var n and > 0)
            received += n;
        Assert.Equal(written.Bytes, received);
        await farEnd.SendAsync(new byte[] { 1 });
        await pair.UntilAsync(_owner, () => connection.Read(new byte[10]) == IoResult.Done(1));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_full_kernel_holds_the_writer_back_until_it_is_told(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        var chunk = new byte[64 * 1024];
        long taken = 0, received = 0;
        while (await pair.OnLane(() => connection.Write(chunk)) is { Status: IoStatus.Done } written)
            taken += written.Bytes;

        while (received < taken)
            received += await farEnd.ReceiveAsync(chunk).InTime();
        await pair.UntilAsync(_owner, () => connection.Write([1]) == IoResult.Done(1));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Resetting_is_seen_as_a_reset_even_with_bytes_under_way(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        await pair.OnLane(() => connection.Write(new byte[4 * 1024 * 1024]));
        await pair.OnLane(connection.Reset);
        var reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await farEnd.ReceiveAsync(new byte[64 * 1024]).InTime() > 0)
            {
            }
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_reset_by_the_far_end_is_told_and_stays_known(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        Assert.False(await pair.OnLane(() => connection.IsReset));
        farEnd.LingerState = new LingerOption(true, 0);
        farEnd.Dispose();

        await pair.UntilAsync(_owner, () => connection.IsReset);
        Assert.Equal(IoStatus.Failed, (await pair.OnLane(() => connection.Read(new byte[1]))).Status);
        Assert.Equal(IoStatus.Failed, (await pair.OnLane(() => connection.Write([1]))).Status);
        Assert.True(await pair.OnLane(() => connection.IsReset));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task After_closing_nothing_works_and_nothing_hurts(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, _) = await pair.AcceptAsync(_owner);
        await pair.OnLane(() =>
        {
            connection.Close();
            connection.Close();
            connection.Reset();
            connection.ShutdownSend();
            Assert.Equal(IoStatus.Failed, connection.Read(new byte[1]).Status);
            Assert.Equal(IoStatus.Failed, connection.Write([1]).Status);
            Assert.True(connection.IsReset);
            Assert.NotNull(connection.Local);
        });
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_refused_connect_has_its_cause(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        IPEndPoint closed;
        using (var origin = new Origin())
            closed = origin.Endpoint;
        var connection = await pair.OnLane(() => pair.Lane.Dial(closed, _owner, out _)!);
        await pair.UntilAsync(_owner, () => connection.ConnectOutcome() != SocketError.InProgress);
        Assert.Equal(SocketError.ConnectionRefused, await pair.OnLane(connection.ConnectOutcome));
        Assert.Equal(SocketError.ConnectionRefused, await pair.OnLane(connection.ConnectOutcome));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_closed_connection_signals_nobody(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var (connection, farEnd) = await pair.AcceptAsync(_owner);
        await pair.OnLane(connection.Close);
        var before = _owner.Count;
        Assert.Equal(0, await farEnd.ReceiveAsync(new byte[1]).InTime());
        await farEnd.SendAsync(new byte[1]);
        farEnd.Dispose();
        await pair.OnLane(() => { });
        Assert.Equal(before, _owner.Count);
    }
}
