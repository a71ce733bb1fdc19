using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport.Tls;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport.Tls;

public sealed class TlsHandshakeTests
{
    private static readonly SslClientAuthenticationOptions Trusting = new()
    {
        TargetHost = "proxy.test",
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };

    [Theory, InlineData(true), InlineData(false)]
    public async Task It_is_secured_and_knows_the_name_that_was_asked_for(bool epoll)
    {
        using var pair = new SecuredPair(epoll);
        var (handshake, owner, socket) = await pair.BeginAsync();
        var securing = TestTls.SecureAsync(socket, SslProtocols.Tls12);
        Assert.Equal(TlsProgress.Secured, await pair.CompleteAsync(handshake, owner));
        Assert.Equal("proxy.test", handshake.ServerName);
        Assert.Equal(SslProtocols.Tls12, handshake.Version);
        using var secured = await securing;
        handshake.Dispose();
    }

    [Fact]
    public async Task A_client_hello_may_come_byte_by_byte()
    {
        using var pair = new SecuredPair(epoll: true);
        var (handshake, owner, socket) = await pair.BeginAsync();
        var drip = new DrippingStream(new NetworkStream(socket));
        using var client = new SslStream(drip);
        var securing = client.AuthenticateAsClientAsync(Trusting);
        Assert.Equal(TlsProgress.Secured, await pair.CompleteAsync(handshake, owner));
        await securing.InTime();
        handshake.Dispose();
    }

    [Theory]
    [InlineData(new byte[] { 0x16, 3, 1, 0, 4, 1, 0, 0, 0 })] // an empty ClientHello
    [InlineData(new byte[] { 0x16, 3, 1, 0, 4, 0x63, 0, 0, 0 })] // another message
    [InlineData(new byte[] { 0x15, 3, 1, 0, 2, 2, 40 })] // an alert
    [InlineData(new byte[] { 0x16, 3, 1, 0xFF, 0xFF })]
    [InlineData(new byte[] { 5, 1, 0 })]
    public async Task What_is_no_TLS_fails(byte[] bytes)
    {
        using var pair = new SecuredPair(epoll: true);
        var (handshake, owner, socket) = await pair.BeginAsync();
        await socket.SendAsync(bytes);
        Assert.Equal(TlsProgress.Failed, await pair.CompleteAsync(handshake, owner));
        await pair.Transport.OnLane(handshake.Dispose);
    }

    [Fact]
    public async Task Garbage_behind_a_good_client_hello_fails()
    {
        using var pair = new SecuredPair(epoll: true);
        var (handshake, owner, socket) = await pair.BeginAsync();
        var spoiler = new SpoilingStream(new NetworkStream(socket));
        using var client = new SslStream(spoiler);
        var securing = client.AuthenticateAsClientAsync(Trusting);
        Assert.Equal(TlsProgress.Failed, await pair.CompleteAsync(handshake, owner));
        await pair.Transport.OnLane(handshake.Dispose);
        socket.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await securing.InTime();
            await client.ReadExactlyAsync(new byte[1]);
        });
    }

    [Fact]
    public async Task A_client_that_leaves_is_told_as_it_left()
    {
        using var pair = new SecuredPair(epoll: true);
        var (handshake, owner, socket) = await pair.BeginAsync();
        await socket.SendAsync(new byte[] { 0x16, 3, 1 });
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(TlsProgress.Ended, await pair.CompleteAsync(handshake, owner));

        (handshake, owner, socket) = await pair.BeginAsync();
        await socket.SendAsync(new byte[] { 0x16, 3, 1 });
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
        Assert.Equal(TlsProgress.Broken, await pair.CompleteAsync(handshake, owner));
    }

    [Fact]
    public async Task The_pool_counts_every_handshake_out_however_it_ends()
    {
        using var pair = new SecuredPair(epoll: true);
        for (var round = 0; round < 20; round++)
        {
            var (handshake, _, socket) = await pair.BeginAsync();
            var securing = TestTls.SecureAsync(socket);

            // Given up while a thread may be at work.
            await pair.Transport.OnLane(() =>
            {
                handshake.Advance();
                handshake.Dispose();
                handshake.Dispose();
            });
            socket.Dispose();
            await Assert.ThrowsAnyAsync<Exception>(() => securing);
        }

        Assert.Equal(0, pair.Pool.Pending);
        await pair.AcceptAsync(new WaitingOwner());
    }

    [Fact]
    public void The_pool_lets_in_so_many_and_no_more()
    {
        using var pool = new HandshakePool(1, 2);
        Assert.True(pool.TryEnter());
        Assert.True(pool.TryEnter());
        Assert.False(pool.TryEnter());
        pool.Leave();
        Assert.True(pool.TryEnter());
    }

    /// <summary>Sends byte by byte.</summary>
    private sealed class DrippingStream(Stream inner) : PassingStream(inner)
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < buffer.Length; i++)
                await Inner.WriteAsync(buffer.Slice(i, 1), cancellationToken);
        }
    }

    /// <summary>Sends the first flight as it is, and zeros instead of the others.</summary>
    private sealed class SpoilingStream(Stream inner) : PassingStream(inner)
    {
        private bool _hasSent;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_hasSent)
            {
                _hasSent = true;
                return Inner.WriteAsync(buffer, cancellationToken);
            }

            var spoiled = buffer.ToArray();
            spoiled.AsSpan(5).Clear();
            return Inner.WriteAsync(spoiled, cancellationToken);
        }
    }

    private abstract class PassingStream(Stream inner) : Stream
    {
        protected Stream Inner => inner;

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
