using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>An <see cref="AnsweringSocket"/> of an event loop, used on the loop's thread only.</summary>
internal sealed unsafe class EpollAnsweringSocket : AnsweringSocket, IEpollSocket
{
    private const int Closed = -1;

    private readonly EventLoop _loop;
    private IConnectionOwner? _owner;
    private int _fd;
    private bool _registered;

    private EpollAnsweringSocket(EventLoop loop, int fd, IPEndPoint local)
    {
        _loop = loop;
        _fd = fd;
        Local = local;
    }

    /// <inheritdoc/>
    public uint Generation { get; set; }

    /// <inheritdoc/>
    public override IPEndPoint Local { get; }

    /// <summary>Binds and listens.</summary>
    /// <returns>The socket, or null with the kernel's reason.</returns>
    public static EpollAnsweringSocket? Open(EventLoop loop, IPEndPoint local, out SocketError error)
    {
        var address = SocketAddress.Of(local);
        var fd = Native.Socket(address.Family, Native.Stream | Native.NonBlock | Native.CloseOnExec, 0);
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

        // A port of a range is used again at once, whatever connections of before are still fading away.
        Native.SetOption(fd, Native.SolSocket, Native.SoReuseAddr, 1);
        if (local.AddressFamily == AddressFamily.InterNetworkV6)
            Native.SetOption(fd, Native.IpProtoIPv6, Native.IPv6Only, 1);
        SocketOptions.ApplyTo(fd);
        var length = SocketAddress.Capacity;
        if (Native.Bind(fd, &address, address.Length) < 0 || Native.Listen(fd, Backlog) < 0
            || Native.GetSockName(fd, &address, &length) < 0)
        {
            error = Native.ToSocketError(Native.Errno);
            Native.Close(fd);
            return null;
        }

        error = SocketError.Success;
        return new EpollAnsweringSocket(loop, fd, address.ToEndPoint());
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
    public override Connection? TryAccept()
    {
        while (_fd != Closed)
        {
            SocketAddress caller;
            var length = SocketAddress.Capacity;
            var fd = Native.Accept4(_fd, &caller, &length, Native.NonBlock | Native.CloseOnExec);
            if (DescriptorReserve.Holds(fd))
            {
                Native.Close(fd);
                return null;
            }

            if (fd >= 0)
                return new EpollConnection(_loop, fd, caller.ToEndPoint(), connected: true);
            if (Native.Errno is Native.EAgain or Native.EMFile or Native.ENFile or Native.ENoBufs or Native.ENoMem)
                return null;

            // EINTR, ECONNABORTED and the pending network errors of accept(2): this one is gone, the next may be fine.
        }

        return null;
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
