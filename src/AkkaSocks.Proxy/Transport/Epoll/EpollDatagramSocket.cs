using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>A UDP socket of an event loop, used on the loop's thread only: <c>recvmmsg</c> and <c>sendmmsg</c>, so that a system call
/// is shared by as many datagrams as there are.</summary>
/// <remarks>
/// It is not connected: it has many partners, and the network's complaints about one of them (ECONNREFUSED) never reach it.
/// </remarks>
internal sealed unsafe class EpollDatagramSocket : DatagramSocket, IEpollSocket
{
    private const int Closed = -1;

    private readonly EventLoop _loop;
    private readonly bool _ipv6;
    private IConnectionOwner? _owner;
    private int _fd;
    private bool _registered;

    private EpollDatagramSocket(EventLoop loop, int fd, IPEndPoint local)
    {
        _loop = loop;
        _fd = fd;
        _ipv6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        Local = local;
    }

    /// <inheritdoc/>
    public uint Generation { get; set; }

    /// <inheritdoc/>
    public override IPEndPoint Local { get; }

    /// <summary>Opens and binds one.</summary>
    /// <returns>The socket, or null with the kernel's reason.</returns>
    public static EpollDatagramSocket? Open(EventLoop loop, IPEndPoint local, out SocketError error)
    {
        var address = SocketAddress.Of(local);
        var fd = Native.Socket(address.Family, Native.DatagramType | Native.NonBlock | Native.CloseOnExec, 0);
        if (fd < 0)
        {
            error = Native.ToSocketError(Native.Errno);
            return null;
        }

        if (DescriptorReserve.Holds(fd))
        {
            Native.Close(fd);
            error = SocketError.TooManyOpenSockets;
            return null;
        }

        if (local.AddressFamily == AddressFamily.InterNetworkV6)
            Native.SetOption(fd, Native.IpProtoIPv6, Native.IPv6Only, 1);
        Native.SetOption(fd, Native.SolSocket, Native.SoReceiveBuffer, KernelBuffer);
        Native.SetOption(fd, Native.SolSocket, Native.SoSendBuffer, KernelBuffer);
        var length = SocketAddress.Capacity;
        if (Native.Bind(fd, &address, address.Length) < 0 || Native.GetSockName(fd, &address, &length) < 0)
        {
            error = Native.ToSocketError(Native.Errno);
            Native.Close(fd);
            return null;
        }

        error = SocketError.Success;
        return new EpollDatagramSocket(loop, fd, address.ToEndPoint());
    }

    /// <summary>Whether there is a route: connecting a UDP socket looks for one and sends nothing.</summary>
    public static bool HasRoute(IPEndPoint remote)
    {
        var address = SocketAddress.Of(remote);
        var fd = Native.Socket(address.Family, Native.DatagramType | Native.NonBlock | Native.CloseOnExec, 0);
        if (fd < 0)
            return false;
        var found = Native.Connect(fd, &address, address.Length) == 0;
        Native.Close(fd);
        return found;
    }

    /// <inheritdoc/>
    public override void Watch(IConnectionOwner owner)
    {
        _owner = owner;
        if (_registered || _fd == Closed)
            return;
        _registered = true;
        _loop.Register(this, _fd, Native.EpollIn);
    }

    /// <inheritdoc/>
    public void OnEvents(uint happened) => _owner?.OnReady(Readiness.Readable);

    /// <inheritdoc/>
    public override bool Receive(DatagramBatch batch)
    {
        var buffers = _loop.Datagrams;
        var received = 0;
        if (_fd != Closed)
        {
            do
                received = Native.RecvMMsg(_fd, buffers.Receiving, DatagramBatch.Capacity, Native.DontWait, null);
            while (received < 0 && Native.Errno != Native.EAgain);
        }

        buffers.Take(Math.Max(received, 0));

        // Fewer than there is room for: the socket is empty, and what comes later makes a new edge.
        return received == DatagramBatch.Capacity;
    }

    /// <inheritdoc/>
    public override int Send(DatagramBatch batch, int first, int count) => Send(batch, first, count, together: true);

    private int Send(DatagramBatch batch, int first, int count, bool together)
    {
        var buffers = _loop.Datagrams;
        var headers = buffers.Pack(first, count, _ipv6, together);
        var (header, at, end) = (0, first, first + count);
        while (header < headers)
        {
            var taken = _fd == Closed
                ? -1
                : Native.SendMMsg(_fd, buffers.Sending + header, (uint)(headers - header), Native.DontWait | Native.NoSignal);
            for (; taken > 0; taken--)
                at += buffers.Datagrams(header++);
            if (taken == 0)
                continue;
            var error = _fd == Closed ? SocketError.OperationAborted : Native.ToSocketError(Native.Errno);
            if (error == SocketError.Interrupted)
                continue;

            // What is the matter with one datagram does not concern the next; that the buffer is full does.
            if (error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.OperationAborted)
            {
                for (var i = at; i < end; i++)
                    batch[i].Error = error;
                return at - first;
            }

            return at - first + SendPast(batch, at, buffers.Datagrams(header), end, error);
        }

        return count;
    }

    /// <summary>Goes on after a header that failed: datagrams that could not be sent together may be fine each by itself.</summary>
    private int SendPast(DatagramBatch batch, int at, int failed, int end, SocketError error)
    {
        var sent = 0;
        if (failed > 1)
            sent = Send(batch, at, failed, together: false);
        else
            batch[at].Error = error;
        return sent + Send(batch, at + failed, end - at - failed, together: true);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_fd == Closed)
            return;
        var fd = _fd;
        _fd = Closed;
        _owner = null;
        if (_registered)
            _loop.Unregister(this, fd);
        Native.Close(fd);
    }
}
