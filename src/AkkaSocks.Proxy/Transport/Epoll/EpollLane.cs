using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>The lane of one event loop.</summary>
internal sealed unsafe class EpollLane(EventLoop loop) : Lane
{
    /// <summary>The loop.</summary>
    public EventLoop Loop => loop;

    /// <inheritdoc/>
    public override int Index => loop.Index;

    /// <inheritdoc/>
    public override string DispatcherId { get; } = LoopDispatcherConfigurator.IdOf(loop.Index);

    /// <inheritdoc/>
    public override Deadlines Deadlines => loop.Deadlines;

    /// <inheritdoc/>
    public override bool IsOneThread => true;

    /// <inheritdoc/>
    public override bool CanTunnel => true;

    /// <inheritdoc/>
    public override Connection? Dial(IPEndPoint remote, IConnectionOwner owner, out SocketError error)
    {
        var address = SocketAddress.Of(remote);
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

        SocketOptions.ApplyTo(fd);
        error = Native.Connect(fd, &address, address.Length) == 0 ? SocketError.Success : Native.ToSocketError(Native.Errno);
        if (error is not (SocketError.Success or SocketError.InProgress or SocketError.Interrupted))
        {
            Native.Close(fd);
            return null;
        }

        var connection = new EpollConnection(loop, fd, remote, connected: false);
        connection.Watch(owner);
        return connection;
    }

    /// <inheritdoc/>
    public override AnsweringSocket? OpenAnsweringSocket(IPEndPoint local, out SocketError error) =>
        EpollAnsweringSocket.Open(loop, local, out error);

    /// <inheritdoc/>
    public override DatagramSocket? OpenDatagramSocket(IPEndPoint local, bool inRuns, out SocketError error) =>
        EpollDatagramSocket.Open(loop, local, inRuns, out error);

    /// <inheritdoc/>
    public override DatagramBatch LendBatch() => loop.Datagrams.Batch;

    /// <inheritdoc/>
    public override void GiveBack(DatagramBatch batch)
    {
        // There is one, and whatever runs on the loop runs alone.
    }

    /// <inheritdoc/>
    public override bool HasRoute(IPEndPoint remote) => EpollDatagramSocket.HasRoute(remote);

    /// <inheritdoc/>
    public override Tunnel StartTunnel(
        Connection client, Connection destination, ReadOnlySpan<byte> prefix, ITunnelOwner owner) =>
        new EpollTunnel((EpollConnection)client, (EpollConnection)destination, prefix, owner);
}
