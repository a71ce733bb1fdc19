using System.Net.Sockets;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport.Epoll;

public sealed class SocketOptionsTests
{
    [Fact]
    public async Task P7_and_P9_both_sides_have_keep_alive_and_no_delay()
    {
        using var pair = new TransportPair(epoll: true);
        var (accepted, _) = await pair.AcceptAsync(new WaitingOwner());
        AssertOptions(accepted);
        var (dialed, _) = await pair.DialAsync(new WaitingOwner());
        AssertOptions(dialed);
    }

    private static void AssertOptions(Connection connection)
    {
        var descriptor = ((EpollConnection)connection).Descriptor;
        using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
        Assert.True(socket.NoDelay);
        Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(60, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(10, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(5, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
    }
}
