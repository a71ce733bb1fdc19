using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <summary>The one lane of <see cref="SocketTransport"/>.</summary>
internal sealed class SocketLane : Lane, IDisposable
{
    private readonly Timer _timer;

    // As many as were ever used at once, which is as many as the thread pool has threads.
    private readonly ConcurrentBag<DatagramBatch> _batches = [];

    /// <summary>Starts the lane's clock.</summary>
    public SocketLane()
    {
        Deadlines = new Deadlines(static () => Deadlines.Now);
        _timer = new Timer(_ => Deadlines.Advance(), null, Deadlines.TickMilliseconds, Deadlines.TickMilliseconds);
    }

    /// <inheritdoc/>
    public override int Index => 0;

    /// <inheritdoc/>
    public override string DispatcherId => Akka.Dispatch.Dispatchers.DefaultDispatcherId;

    /// <inheritdoc/>
    public override Deadlines Deadlines { get; }

    /// <inheritdoc/>
    public override bool IsOneThread => false;

    /// <inheritdoc/>
    public override bool CanTunnel => false;

    /// <inheritdoc/>
    public override Connection? Dial(IPEndPoint remote, IConnectionOwner owner, out SocketError error)
    {
        try
        {
            var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (DescriptorReserve.Holds(socket.Handle))
            {
                socket.Dispose();
                error = SocketError.TooManyOpenSockets;
                return null;
            }

            SocketListenSocket.Configure(socket);
            var connection = new SocketConnection(socket, remote);
            connection.Connect(owner);
            error = SocketError.Success;
            return connection;
        }
        catch (SocketException refused)
        {
            error = refused.SocketErrorCode;
            return null;
        }
    }

    /// <inheritdoc/>
    public override AnsweringSocket? OpenAnsweringSocket(IPEndPoint local, out SocketError error) =>
        SocketAnsweringSocket.Open(local, out error);

    /// <inheritdoc/>
    public override DatagramSocket? OpenDatagramSocket(IPEndPoint local, bool inRuns, out SocketError error) =>
        SocketDatagramSocket.Open(local, out error);

    /// <inheritdoc/>
    public override DatagramBatch LendBatch() => _batches.TryTake(out var batch) ? batch : new DatagramBatch();

    /// <inheritdoc/>
    public override void GiveBack(DatagramBatch batch) => _batches.Add(batch);

    /// <inheritdoc/>
    public override bool HasRoute(IPEndPoint remote) => SocketDatagramSocket.HasRoute(remote);

    /// <inheritdoc/>
    public override Tunnel StartTunnel(
        Connection client, Connection destination, ReadOnlySpan<byte> prefix, ITunnelOwner owner) =>
        throw new NotSupportedException("Only event loops have tunnels.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        while (_batches.TryTake(out var batch))
            batch.Dispose();
    }
}
