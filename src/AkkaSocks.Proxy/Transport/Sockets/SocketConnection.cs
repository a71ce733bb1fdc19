using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <summary>
/// A connection over <see cref="Socket"/>. Readiness comes from a zero-byte receive, which holds no buffer.
/// </summary>
internal sealed partial class SocketConnection : Connection
{
    private readonly Socket _socket;
    private readonly Lock _lock = new();
    private IConnectionOwner? _owner;
    private SocketAsyncEventArgs? _receive;
    private SocketError _connectOutcome = SocketError.Success, _error = SocketError.Success;
    private bool _watching, _readable, _closed, _closePending;

    /// <summary>Takes over a socket that does not block.</summary>
    public SocketConnection(Socket socket, IPEndPoint remote)
    {
        _socket = socket;
        Remote = remote;
    }

    /// <inheritdoc/>
    public override IPEndPoint Remote { get; }

    /// <inheritdoc/>
    public override IPEndPoint Local
    {
        get
        {
            try
            {
                var local = (IPEndPoint)_socket.LocalEndPoint!;
                return local.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(local.Address.MapToIPv4(), local.Port) : local;
            }
            catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
            {
                return new IPEndPoint(IPAddress.Any, 0);
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsReset
    {
        get
        {
            lock (_lock)
            {
                // A zero-byte receive ends without an error even when it was a reset that ended it, and reading would find
                // the error behind all that was received before.
                if (_readable && !IsBroken && !_closed)
                    _error = (SocketError)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
                return IsBroken || _closed;
            }
        }
    }

    private bool IsBroken => _error != SocketError.Success;

    /// <inheritdoc/>
    public override bool IsReadable
    {
        get
        {
            lock (_lock)
                return _readable || _closed || _closePending || WaitReadable();
        }
    }

    /// <inheritdoc/>
    public override void Watch(IConnectionOwner owner)
    {
        bool ready;
        lock (_lock)
        {
            _owner = owner;
            ready = !_closed && _connectOutcome == SocketError.Success && (_readable || WaitReadable());
        }

        if (ready)
            owner.OnReady(Readiness.Readable);
    }

    /// <summary>Starts connecting.</summary>
    /// <exception cref="SocketException">The system refused at once.</exception>
    public void Connect(IConnectionOwner owner)
    {
        _owner = owner;
        _connectOutcome = SocketError.InProgress;
        var connect = new SocketAsyncEventArgs(true) { RemoteEndPoint = Remote };
        connect.Completed += (_, args) => Connected(args);
        if (!_socket.ConnectAsync(connect))
            Connected(connect);
    }

    /// <inheritdoc/>
    public override SocketError ConnectOutcome()
    {
        lock (_lock)
            return _connectOutcome;
    }

    /// <inheritdoc/>
    public override IoResult Read(Span<byte> into)
    {
        lock (_lock)
        {
            while (!_closed && !_closePending)
            {
                // The waiting receive has taken the error from the kernel, which would report an orderly end from then on.
                if (IsBroken)
                    return IoResult.Failed(_error);
                var got = _socket.Receive(into, SocketFlags.None, out var error);
                if (error == SocketError.Success)
                    return got > 0 ? IoResult.Done(got) : IoResult.EndOfStream;
                if (error != SocketError.WouldBlock)
                    return Broke(error);
                _readable = false;
                if (!WaitReadable())
                    return IoResult.WouldBlock;
            }

            return IoResult.Failed(SocketError.OperationAborted);
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        lock (_lock)
        {
            _owner = null;
            if (_rest is not null && !IsBroken)
                _closePending = true;
            else
                CloseInOrder();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        lock (_lock)
        {
            _owner = null;
            if (!_closed)
                _socket.LingerState = new LingerOption(true, 0);
            Dispose();
        }
    }

    private void Connected(SocketAsyncEventArgs connect)
    {
        IConnectionOwner? owner;
        lock (_lock)
        {
            _connectOutcome = connect.SocketError;
            owner = _owner;
        }

        connect.Dispose();
        owner?.OnReady(Readiness.Writable);
    }

    /// <summary>Arms the zero-byte receive unless it is armed.</summary>
    /// <returns>True when there is something to read already.</returns>
    private bool WaitReadable()
    {
        if (_watching || _closed)
            return false;
        if (_receive is null)
        {
            _receive = new SocketAsyncEventArgs(true);
            _receive.SetBuffer(Memory<byte>.Empty);
            _receive.Completed += (_, args) => BecameReadable(args);
        }

        _watching = true;
        if (_socket.ReceiveAsync(_receive))
            return false;
        _watching = false;
        _readable = true;
        _error = _receive.SocketError;
        return true;
    }

    private void BecameReadable(SocketAsyncEventArgs receive)
    {
        IConnectionOwner? owner;
        lock (_lock)
        {
            _watching = false;
            _readable = true;
            if (receive.SocketError != SocketError.Success)
                _error = receive.SocketError;
            if (_closed)
                receive.Dispose();
            owner = _owner;
        }

        owner?.OnReady(Readiness.Readable);
    }

    private IoResult Broke(SocketError error)
    {
        _error = error;
        return IoResult.Failed(error);
    }

    /// <summary>FIN before the socket goes: the framework resets a socket that is disposed of while a receive waits on it.</summary>
    private void CloseInOrder()
    {
        if (!_closed)
            ShutdownNow();
        Dispose();
    }

    private void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _socket.Dispose();
        }

        // Arguments still in flight are disposed of when they come back; the rest's buffer likewise.
        if (!_watching)
            _receive?.Dispose();
        if (_rest is null)
            _send?.Dispose();
    }
}
