using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <summary>Accepts with <see cref="Socket.AcceptAsync(CancellationToken)"/>; pauses when descriptors have run out but for the
/// <see cref="DescriptorReserve"/>.</summary>
internal sealed class SocketListenSocket : ListenSocket
{
    private const int KeepAliveIdleSeconds = 60, KeepAliveIntervalSeconds = 10, KeepAliveProbes = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();

    private SocketListenSocket(Socket socket, IPEndPoint bound)
    {
        _socket = socket;
        Bound = bound;
    }

    /// <inheritdoc/>
    public override IPEndPoint Bound { get; }

    /// <summary>Binds, listens and starts accepting. An IPv6 wildcard takes IPv4 clients too.</summary>
    /// <exception cref="SocketException">With the system's reason.</exception>
    public static SocketListenSocket Bind(IPEndPoint endpoint, int backlog, IAcceptor acceptor, SocketLane lane)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = endpoint.Address.Equals(IPAddress.IPv6Any);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endpoint);
            socket.Listen(backlog);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        var listener = new SocketListenSocket(socket, (IPEndPoint)socket.LocalEndPoint!);
        _ = listener.AcceptUntilClosed(acceptor, lane);
        return listener;
    }

    /// <summary>No Nagle delay, keep-alive, and never blocking: the options of every TCP socket.</summary>
    public static void Configure(Socket socket)
    {
        socket.Blocking = false;
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveIdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _closed.Cancel();
        _socket.Dispose();
    }

    private async Task AcceptUntilClosed(IAcceptor acceptor, SocketLane lane)
    {
        var pause = FirstPause;
        while (!_closed.IsCancellationRequested)
        {
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(_closed.Token).ConfigureAwait(false);
                if (DescriptorReserve.Holds(accepted.Handle))
                    throw new SocketException((int)SocketError.TooManyOpenSockets);
                Configure(accepted);
                acceptor.OnAccepted(new SocketConnection(accepted, Plain((IPEndPoint)accepted.RemoteEndPoint!)), lane);
                pause = FirstPause;
            }
            catch (SocketException failed) when (failed.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                accepted?.Dispose();
                acceptor.OnAcceptPaused(failed.SocketErrorCode, pause);
                await Task.Delay(pause, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (SocketException)
            {
                // This client has gone again; the next one may not have.
                accepted?.Dispose();
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static IPEndPoint Plain(IPEndPoint endpoint) =>
        endpoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endpoint.Address.MapToIPv4(), endpoint.Port) : endpoint;
}
