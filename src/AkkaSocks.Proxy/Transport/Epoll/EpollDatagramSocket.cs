using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>A UDP socket of an event loop, used on the loop's thread only: <c>recvmmsg</c> and <c>sendmmsg</c>, so that a system call
/// is shared by as many datagrams as there are.</summary>
/// <remarks>
/// It is not connected: it has many partners, and the network's complaints about one of them (ECONNREFUSED) never reach it.
/// </remarks>
internal sealed unsafe class EpollDatagramSocket : DatagramSocket
{
    private readonly EventLoop _loop;
    private readonly WatchedDescriptor _descriptor;

    private EpollDatagramSocket(EventLoop loop, WatchedDescriptor descriptor)
    {
        _loop = loop;
        _descriptor = descriptor;
    }

    /// <inheritdoc/>
    public override IPEndPoint Local => _descriptor.Local;

    private bool IsIPv6 => Local.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Opens and binds one.</summary>
    /// <returns>The socket, or null with the kernel's reason.</returns>
    public static EpollDatagramSocket? Open(EventLoop loop, IPEndPoint local, bool inRuns, out SocketError error) =>
        WatchedDescriptor.Open(loop, Native.DatagramType, local, inRuns ? SetOptionsForRuns : SetOptions, out error) is { } descriptor
            ? new EpollDatagramSocket(loop, descriptor)
            : null;

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
    public override void Watch(IConnectionOwner owner) => _descriptor.Watch(owner);

    /// <inheritdoc/>
    public override bool Receive(DatagramBatch batch)
    {
        var buffers = _loop.Datagrams;
        var received = 0;
        if (!_descriptor.IsClosed)
        {
            do
                received = Native.RecvMMsg(_descriptor.Fd, buffers.Receiving, DatagramBatch.Capacity, Native.DontWait, null);
            while (received < 0 && Native.Errno != Native.EAgain);
        }

        buffers.Take(Math.Max(received, 0));

        // Fewer than there is room for: the socket is empty, and what comes later makes a new edge.
        return received == DatagramBatch.Capacity;
    }

    /// <inheritdoc/>
    public override int Send(DatagramBatch batch, int first, int count)
    {
        var buffers = _loop.Datagrams;
        var (at, end, sent, singlyUntil) = (first, first + count, 0, first);
        while (at < end)
        {
            var headers = buffers.Pack(at, end - at, IsIPv6, singlyUntil);
            var taken = _descriptor.IsClosed
                ? -1
                : Native.SendMMsg(_descriptor.Fd, buffers.Sending, (uint)headers, Native.DontWait | Native.NoSignal);
            for (var header = 0; header < taken; header++)
            {
                at += buffers.Datagrams(header);
                sent += buffers.Datagrams(header);
            }

            if (taken > 0)
                continue;
            var error = _descriptor.IsClosed ? SocketError.OperationAborted : Native.ToSocketError(Native.Errno);
            if (error == SocketError.Interrupted)
                continue;

            // What is the matter with one datagram does not concern the next; that the buffer is full does.
            if (error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.OperationAborted)
            {
                for (; at < end; at++)
                    batch[at].Error = error;
            }
            else if (buffers.Datagrams(header: 0) is var together and > 1)
            {
                // What could not be sent together may be fine each by itself.
                singlyUntil = at + together;
            }
            else
            {
                batch[at++].Error = error;
            }
        }

        return sent;
    }

    /// <inheritdoc/>
    public override void Close() => _descriptor.Close();

    private static void SetOptions(int fd)
    {
        Native.SetOption(fd, Native.SolSocket, Native.SoReceiveBuffer, KernelBuffer);
        Native.SetOption(fd, Native.SolSocket, Native.SoSendBuffer, KernelBuffer);
    }

    private static void SetOptionsForRuns(int fd)
    {
        SetOptions(fd);

        // A kernel older than Linux 5.0 does not know it, and gives each datagram by itself.
        Native.SetOption(fd, Native.IpProtoUdp, Native.UdpGro, 1);
    }
}
