using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// A listening socket that every loop accepts from (<c>EPOLLEXCLUSIVE</c>: a connection wakes one of them). A loop with
/// markedly more connections than the emptiest one gives new ones away, so that a few long tunnels don't share a core.
/// </summary>
/// <remarks>
/// When descriptors run out but for the <see cref="DescriptorReserve"/>, accepting pauses (50 ms, doubling up to 500 ms) instead
/// of spinning, so that clients wait in the kernel's queue; each pause turns away the first of them.
/// </remarks>
internal sealed unsafe class EpollListenSocket : ListenSocket
{
    private const int AcceptsPerTurn = 16, ImbalanceAllowed = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly IAcceptor _acceptor;
    private readonly EpollLane[] _lanes;
    private bool _closed;
    private TimeSpan _pause = FirstPause;

    private EpollListenSocket(int fd, IPEndPoint bound, IAcceptor acceptor, EpollLane[] lanes)
    {
        Descriptor = fd;
        Bound = bound;
        _acceptor = acceptor;
        _lanes = lanes;
    }

    /// <summary>The descriptor, for the loops.</summary>
    public int Descriptor { get; }

    /// <inheritdoc/>
    public override IPEndPoint Bound { get; }

    /// <summary>Binds and listens. An IPv6 wildcard takes IPv4 clients too.</summary>
    /// <exception cref="SocketException">With the kernel's reason.</exception>
    public static EpollListenSocket Bind(IPEndPoint endpoint, int backlog, IAcceptor acceptor, EpollLane[] lanes)
    {
        var address = SocketAddress.Of(endpoint);
        var fd = Native.Socket(address.Family, Native.Stream | Native.NonBlock | Native.CloseOnExec, 0);
        if (fd < 0)
            throw new SocketException((int)Native.ToSocketError(Native.Errno));
        Native.SetOption(fd, Native.SolSocket, Native.SoReuseAddr, 1);
        if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
            Native.SetOption(fd, Native.IpProtoIPv6, Native.IPv6Only, endpoint.Address.Equals(IPAddress.IPv6Any) ? 0 : 1);
        SocketOptions.ApplyTo(fd);
        SocketAddress bound;
        var length = SocketAddress.Capacity;
        if (Native.Bind(fd, &address, address.Length) < 0 || Native.Listen(fd, backlog) < 0
            || Native.GetSockName(fd, &bound, &length) < 0)
        {
            var error = Native.ToSocketError(Native.Errno);
            Native.Close(fd);
            throw new SocketException((int)error);
        }

        // Not ToEndPoint's mapping: an IPv6 wildcard is reported as what it is.
        var port = bound.ToEndPoint().Port;
        return new EpollListenSocket(fd, new IPEndPoint(endpoint.Address, port), acceptor, lanes);
    }

    /// <summary>Takes what is waiting, as far as a turn of the loop allows.</summary>
    public void AcceptOn(EventLoop loop)
    {
        for (var left = AcceptsPerTurn; left > 0 && !Volatile.Read(ref _closed); left--)
        {
            SocketAddress peer;
            var length = SocketAddress.Capacity;
            var fd = Native.Accept4(Descriptor, &peer, &length, Native.NonBlock | Native.CloseOnExec);
            if (DescriptorReserve.Holds(fd))
            {
                Native.Close(fd);
                Pause(loop, SocketError.TooManyOpenSockets);
                return;
            }

            if (fd >= 0)
            {
                _pause = FirstPause;
                var lane = LaneFor(loop);
                _acceptor.OnAccepted(new EpollConnection(lane.Loop, fd, peer.ToEndPoint(), connected: true), lane);
                continue;
            }

            switch (Native.Errno)
            {
                case Native.EAgain:
                    return;
                case var errno when errno is Native.EMFile or Native.ENFile or Native.ENoBufs or Native.ENoMem:
                    Pause(loop, Native.ToSocketError(errno));
                    return;
                default:
                    // EINTR, ECONNABORTED and the pending network errors of accept(2): this one is gone, the next may be fine.
                    continue;
            }
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, true))
            return;

        // From here on clients are refused. The descriptor itself goes when no loop can be inside accept any more: its number
        // may be given out again at once.
        Native.Shutdown(Descriptor, Native.ShutBoth);
        var left = _lanes.Length;
        foreach (var lane in _lanes)
        {
            lane.Loop.Post(new Posted(() =>
            {
                lane.Loop.Remove(Descriptor);
                if (Interlocked.Decrement(ref left) == 0)
                    Native.Close(Descriptor);
            }));
        }
    }

    private EpollLane LaneFor(EventLoop current)
    {
        var lane = _lanes[current.Index];
        foreach (var other in _lanes)
        {
            if (other.Loop.Load + ImbalanceAllowed < lane.Loop.Load * 7 / 8)
                lane = other;
        }

        return lane;
    }

    private void Pause(EventLoop loop, SocketError error)
    {
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        loop.Remove(Descriptor);
        _acceptor.OnAcceptPaused(error, pause);
        Task.Delay(pause).ContinueWith(
            _ => loop.Post(new Posted(() =>
            {
                if (!_closed)
                    loop.Add(this, Descriptor);
            })),
            TaskScheduler.Default);
    }
}
