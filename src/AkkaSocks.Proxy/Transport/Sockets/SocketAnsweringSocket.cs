using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <summary>An <see cref="AnsweringSocket"/> over <see cref="Socket"/>: one accept is always under way, and the next begins when its
/// caller was taken.</summary>
internal sealed class SocketAnsweringSocket : AnsweringSocket
{
    private readonly Socket _socket;
    private readonly Lock _lock = new();
    private readonly SocketAsyncEventArgs _accept = new();
    private IConnectionOwner? _owner;
    private bool _called, _closed;

    private SocketAnsweringSocket(Socket socket)
    {
        _socket = socket;
        Local = (IPEndPoint)socket.LocalEndPoint!;
        _accept.Completed += (_, _) => Called();
    }

    /// <inheritdoc/>
    public override IPEndPoint Local { get; }

    /// <summary>Binds and listens.</summary>
    /// <returns>The socket, or null with the system's reason.</returns>
    public static SocketAnsweringSocket? Open(IPEndPoint local, out SocketError error)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (DescriptorReserve.Holds(socket.Handle))
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            socket.Bind(local);
            socket.Listen(Backlog);
            error = SocketError.Success;
            return new SocketAnsweringSocket(socket);
        }
        catch (SocketException refused)
        {
            socket?.Dispose();
            error = refused.SocketErrorCode;
            return null;
        }
    }

    /// <inheritdoc/>
    public override void Watch(IConnectionOwner owner)
    {
        lock (_lock)
            _owner = owner;
        Next();
    }

    /// <inheritdoc/>
    public override Connection? TryAccept()
    {
        Socket? caller;
        lock (_lock)
        {
            if (!_called || _closed)
                return null;
            _called = false;
            caller = _accept.SocketError == SocketError.Success ? _accept.AcceptSocket : null;
            _accept.AcceptSocket = null;
        }

        var connection = Configured(caller);
        Next();
        return connection;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            _owner = null;
            if (_called)
                _accept.AcceptSocket?.Dispose();
        }

        _socket.Dispose();
    }

    private static SocketConnection? Configured(Socket? caller)
    {
        try
        {
            if (caller is null || DescriptorReserve.Holds(caller.Handle))
            {
                caller?.Dispose();
                return null;
            }

            SocketListenSocket.Configure(caller);
            return new SocketConnection(caller, (IPEndPoint)caller.RemoteEndPoint!);
        }
        catch (SocketException)
        {
            // It has gone again.
            caller!.Dispose();
            return null;
        }
    }

    private void Next()
    {
        try
        {
            if (!_socket.AcceptAsync(_accept))
                Called();
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    private void Called()
    {
        IConnectionOwner? owner;
        lock (_lock)
        {
            if (_closed)
            {
                _accept.AcceptSocket?.Dispose();
                return;
            }

            _called = true;
            owner = _owner;
        }

        owner?.OnReady(Readiness.Readable);
    }
}
