using System.Net.Sockets;
using System.Security.Authentication;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport.Tls;

/// <summary>What a connection promises its owner, inside TLS, over both transports.</summary>
public sealed class SecuredConnectionTests
{
    private readonly WaitingOwner _owner = new();

    [Theory, InlineData(true), InlineData(false)]
    public async Task It_reads_what_was_sent_then_nothing_then_the_end(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, _) = await pair.AcceptAsync(_owner);
        Assert.False(await pair.Transport.OnLane(() => connection.IsReadable));
        Assert.Equal(IoStatus.WouldBlock, (await pair.Transport.OnLane(() => connection.Read(new byte[10]))).Status);

        await farEnd.WriteAsync(new byte[] { 1, 2, 3 });
        var buffer = new byte[10];
        await pair.Transport.UntilAsync(_owner, () => connection.Read(buffer) == IoResult.Done(3));
        Assert.Equal([1, 2, 3], buffer[..3]);

        await farEnd.ShutdownAsync();
        await pair.Transport.UntilAsync(_owner, () => connection.Read(buffer) == IoResult.EndOfStream);
        Assert.Equal(IoResult.EndOfStream, await pair.Transport.OnLane(() => connection.Read(buffer)));
        Assert.False(await pair.Transport.OnLane(() => connection.IsReset));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Records_are_read_one_by_one_as_they_come(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, _) = await pair.AcceptAsync(_owner);

        for (byte i = 0; i < 10; i++)
        {
            await farEnd.WriteAsync(new[] { i });
            var buffer = new byte[1];
            await pair.Transport.UntilAsync(_owner, () => connection.Read(buffer) == IoResult.Done(1));
            Assert.Equal(i, buffer[0]);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_small_buffer_gets_a_large_record_in_pieces_without_another_signal(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, _) = await pair.AcceptAsync(_owner);
        await farEnd.WriteAsync(new byte[10_000]);
        await pair.Transport.UntilAsync(_owner, () => connection.IsReadable);

        var received = await pair.Transport.OnLane(() =>
        {
            var total = 0;
            while (connection.IsReadable && connection.Read(new byte[999]) is { Status: IoStatus.Done } read)
                total += read.Bytes;
            return total;
        });

        Assert.Equal(10_000, received);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task FIN_between_two_records_is_the_end_also_without_close_notify(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, socket) = await pair.AcceptAsync(_owner);
        await farEnd.WriteAsync(new byte[] { 1 });
        socket.Shutdown(SocketShutdown.Send);

        await pair.Transport.UntilAsync(_owner, () => connection.Read(new byte[10]) == IoResult.Done(1));
        await pair.Transport.UntilAsync(_owner, () => connection.Read(new byte[10]) == IoResult.EndOfStream);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task FIN_that_cuts_a_record_breaks_the_connection(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, _, socket) = await pair.AcceptAsync(_owner);
        await socket.SendAsync(new byte[] { 0x17, 3, 3, 0, 100, 1, 2, 3 });
        socket.Shutdown(SocketShutdown.Send);

        await pair.Transport.UntilAsync(_owner, () => connection.Read(new byte[10]).Status == IoStatus.Failed);
        Assert.True(await pair.Transport.OnLane(() => connection.IsReset));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_record_that_nobody_has_encrypted_breaks_the_connection(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, _, socket) = await pair.AcceptAsync(_owner);
        await socket.SendAsync(new byte[] { 0x17, 3, 3, 0, 3, 1, 2, 3 });

        await pair.Transport.UntilAsync(_owner, () => connection.Read(new byte[10]).Status == IoStatus.Failed);
        Assert.True(await pair.Transport.OnLane(() => connection.IsReset));
    }

    [Theory]
    [InlineData(true, SslProtocols.Tls12), InlineData(true, SslProtocols.Tls13)]
    [InlineData(false, SslProtocols.Tls12), InlineData(false, SslProtocols.Tls13)]
    public async Task Closing_in_order_delivers_everything_that_was_taken_and_then_close_notify_and_FIN(bool epoll, SslProtocols version)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, socket) = await pair.AcceptAsync(_owner, version);
        var taken = await FillAsync(pair, connection);

        await pair.Transport.OnLane(connection.Close);

        Assert.Equal(taken, await ReceiveToEndAsync(farEnd));
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).InTime());
    }

    [Theory]
    [InlineData(true, SslProtocols.Tls12), InlineData(true, SslProtocols.Tls13)]
    [InlineData(false, SslProtocols.Tls12), InlineData(false, SslProtocols.Tls13)]
    public async Task Shutting_down_after_a_long_write_sends_the_end_behind_the_last_byte_and_reading_goes_on(bool epoll, SslProtocols version)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, _) = await pair.AcceptAsync(_owner, version);
        var taken = await FillAsync(pair, connection);
        await pair.Transport.OnLane(connection.ShutdownSend);
        Assert.Equal(IoStatus.Failed, (await pair.Transport.OnLane(() => connection.Write([1]))).Status);

        Assert.Equal(taken, await ReceiveToEndAsync(farEnd));
        await farEnd.WriteAsync(new byte[] { 1 });
        await pair.Transport.UntilAsync(_owner, () => connection.Read(new byte[10]) == IoResult.Done(1));
        Assert.False(await pair.Transport.OnLane(() => connection.HasUnsent));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_full_kernel_holds_the_writer_back_until_it_is_told(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, _) = await pair.AcceptAsync(_owner);
        var taken = await FillAsync(pair, connection);

        // Where the framework has taken a whole write over, only it knows how much of it is left.
        if (epoll)
            Assert.True(await pair.Transport.OnLane(() => connection.HasUnsent));

        var buffer = new byte[64 * 1024];
        for (var received = 0L; received < taken;)
            received += await farEnd.ReadAsync(buffer).AsTask().InTime();
        await pair.Transport.UntilAsync(_owner, () => connection.Write([1]) == IoResult.Done(1));
        await pair.Transport.UntilAsync(_owner, () => !connection.HasUnsent);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Resetting_is_seen_as_a_reset_even_with_bytes_under_way(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, _) = await pair.AcceptAsync(_owner);
        await FillAsync(pair, connection);
        await pair.Transport.OnLane(connection.Reset);

        var broken = await Assert.ThrowsAsync<IOException>(() => ReceiveToEndAsync(farEnd));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(broken.InnerException).SocketErrorCode);
        Assert.Equal(IoStatus.Failed, (await pair.Transport.OnLane(() => connection.Read(new byte[1]))).Status);
        Assert.Equal(IoStatus.Failed, (await pair.Transport.OnLane(() => connection.Write([1]))).Status);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_reset_by_the_far_end_is_told_and_stays_known(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, _, socket) = await pair.AcceptAsync(_owner);
        Assert.False(await pair.Transport.OnLane(() => connection.IsReset));
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();

        await pair.Transport.UntilAsync(_owner, () => connection.IsReset);
        await pair.Transport.UntilAsync(_owner, () => connection.Read(new byte[10]).Status == IoStatus.Failed);
        Assert.True(await pair.Transport.OnLane(() => connection.IsReset));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Closing_twice_and_resetting_what_is_closed_does_no_harm(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (connection, farEnd, _) = await pair.AcceptAsync(_owner);
        await pair.Transport.OnLane(() => connection.Close());
        await pair.Transport.OnLane(() => connection.Close());
        await pair.Transport.OnLane(() => connection.Reset());
        Assert.Equal(0, await ReceiveToEndAsync(farEnd));
    }

    private static async Task<long> FillAsync(SecuredPair pair, Connection connection)
    {
        var chunk = new byte[100_000];
        var taken = 0L;
        while (await pair.Transport.OnLane(() => connection.Write(chunk)) is { Status: IoStatus.Done } written)
            taken += written.Bytes;
        return taken;
    }

    private static async Task<long> ReceiveToEndAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        var received = 0L;
        while (await stream.ReadAsync(buffer).AsTask().InTime() is var n and > 0)
            received += n;
        return received;
    }
}
