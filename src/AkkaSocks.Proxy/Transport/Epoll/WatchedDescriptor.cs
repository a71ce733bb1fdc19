using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>A descriptor that is bound to an address and watched for "readable" by one owner: what a UDP socket and a socket that waits
/// for callers have in common. Used on the loop's thread only.</summary>
internal sealed unsafe class WatchedDescriptor : IEpollSocket
{
    private const int Closed = -1;

    private readonly EventLoop _loop;
    private IConnectionOwner? _owner;
    private bool _registered;

    private WatchedDescriptor(EventLoop loop, int fd, IPEndPoint local)
    {
        _loop = loop;
        Fd = fd;
        Local = local;
    }

    /// <inheritdoc/>
    public uint Generation { get; set; }

    /// <summary>The descriptor; negative once closed.</summary>
    public int Fd { get; private set; }

    /// <summary>The address it is bound to, with the port the system chose where 0 was asked for.</summary>
    public IPEndPoint Local { get; }

    /// <summary>It is closed.</summary>
    public bool IsClosed => Fd == Closed;

    /// <summary>Opens and binds one.</summary>
    /// <param name="loop">Whose it is.</param>
    /// <param name="type">The kind of socket.</param>
    /// <param name="local">Where to bind it.</param>
    /// <param name="options">Sets its options before it is bound.</param>
    /// <param name="error">The kernel's reason, where there is none.</param>
    public static WatchedDescriptor? Open(EventLoop loop, int type, IPEndPoint local, Action<int> options, out SocketError error)
    {
        var address = SocketAddress.Of(local);
        var fd = Native.Socket(address.Family, type | Native.NonBlock | Native.CloseOnExec, 0);
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
        options(fd);
        var length = SocketAddress.Capacity;
        if (Native.Bind(fd, &address, address.Length) < 0 || Native.GetSockName(fd, &address, &length) < 0)
        {
            error = Native.ToSocketError(Native.Errno);
            Native.Close(fd);
            return null;
        }

        error = SocketError.Success;
        return new WatchedDescriptor(loop, fd, address.ToEndPoint());
    }

    /// <summary>Makes <paramref name="owner"/> the one that is told "readable" from now on.</summary>
    public void Watch(IConnectionOwner owner)
    {
        _owner = owner;
        if (_registered || IsClosed)
            return;
        _registered = true;
        _loop.Register(this, Fd, Native.EpollIn);
    }

    /// <inheritdoc/>
    public void OnEvents(uint happened) => _owner?.OnReady(Readiness.Readable);

    /// <inheritdoc/>
    public void Close()
    {
        if (IsClosed)
            return;
        var fd = Fd;
        Fd = Closed;
        _owner = null;
        if (_registered)
            _loop.Unregister(this, fd);
        Native.Close(fd);
    }
}
