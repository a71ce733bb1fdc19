using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>An <see cref="AnsweringSocket"/> of an event loop, used on the loop's thread only.</summary>
internal sealed unsafe class EpollAnsweringSocket : AnsweringSocket
{
    private readonly EventLoop _loop;
    private readonly WatchedDescriptor _descriptor;

    private EpollAnsweringSocket(EventLoop loop, WatchedDescriptor descriptor)
    {
        _loop = loop;
        _descriptor = descriptor;
    }

    /// <inheritdoc/>
    public override IPEndPoint Local => _descriptor.Local;

    /// <summary>Binds and listens.</summary>
    /// <returns>The socket, or null with the kernel's reason.</returns>
    public static EpollAnsweringSocket? Open(EventLoop loop, IPEndPoint local, out SocketError error)
    {
        if (WatchedDescriptor.Open(loop, Native.Stream, local, SetOptions, out error) is not { } descriptor)
            return null;
        if (Native.Listen(descriptor.Fd, Backlog) == 0)
            return new EpollAnsweringSocket(loop, descriptor);
        error = Native.ToSocketError(Native.Errno);
        descriptor.Close();
        return null;
    }

    /// <inheritdoc/>
    public override void Watch(IConnectionOwner owner) => _descriptor.Watch(owner);

    /// <inheritdoc/>
    public override Connection? TryAccept()
    {
        while (!_descriptor.IsClosed)
        {
            SocketAddress caller;
            var length = SocketAddress.Capacity;
            var fd = Native.Accept4(_descriptor.Fd, &caller, &length, Native.NonBlock | Native.CloseOnExec);
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
    public override void Close() => _descriptor.Close();

    private static void SetOptions(int fd)
    {
        // A port of a range is used again at once, whatever connections of before are still fading away.
        Native.SetOption(fd, Native.SolSocket, Native.SoReuseAddr, 1);
        SocketOptions.ApplyTo(fd);
    }
}
