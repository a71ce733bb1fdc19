using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// A connection inside TLS, once the handshake is over: bytes are encrypted and decrypted where they are read and written, on
/// the owner's thread, which never waits for it.
/// </summary>
/// <remarks>
/// What the kernel did not take of an encrypted write is kept; until it is gone nothing more is accepted. FIN goes out behind
/// close_notify. FIN that comes without close_notify ends the stream in order when it stands between two records, since most clients
/// close so, and breaks the connection when it cuts one.
/// </remarks>
internal sealed class SecuredConnection : Connection, IConnectionOwner
{
    // What goes into one send: four records.
    private const int MostPerWrite = 64 * 1024;

    private readonly Connection _inner;
    private readonly RecordStream _records;
    private readonly TlsCipher _cipher;
    private readonly Lock _lock = new();
    private IConnectionOwner? _owner;
    private bool _isShutDown, _finPending, _closePending, _closed;

    /// <summary>Takes over a connection whose handshake is complete.</summary>
    public SecuredConnection(Connection inner, SslStream tls, RecordStream records)
    {
        _inner = inner;
        _records = records;
        _cipher = new TlsCipher(tls, records);
        records.Attach(inner);
    }

    /// <inheritdoc/>
    public override IPEndPoint Remote => _inner.Remote;

    /// <inheritdoc/>
    public override IPEndPoint Local => _inner.Local;

    /// <inheritdoc/>
    public override bool CanTunnel => false;

    /// <inheritdoc/>
    public override bool IsReset
    {
        get
        {
            lock (_lock)
                return _closed || _closePending || _cipher.Error != SocketError.Success || _inner.IsReset;
        }
    }

    /// <inheritdoc/>
    public override bool IsReadable
    {
        get
        {
            lock (_lock)
                return _closed || _cipher.HasSomething();
        }
    }

    /// <inheritdoc/>
    public override bool HasUnsent
    {
        get
        {
            lock (_lock)
                return !_closed && (Flush() == IoStatus.WouldBlock || _inner.HasUnsent);
        }
    }

    /// <inheritdoc/>
    public override void Watch(IConnectionOwner owner)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _owner = owner;
        }

        _inner.Watch(this);
    }

    /// <inheritdoc/>
    public void OnReady(Readiness readiness)
    {
        IConnectionOwner? owner;
        lock (_lock)
        {
            if ((readiness & Readiness.Writable) != 0 && !_closed)
                Flush();
            owner = _owner;
        }

        owner?.OnReady(readiness);
    }

    /// <inheritdoc/>
    public override SocketError ConnectOutcome() => _inner.ConnectOutcome();

    /// <inheritdoc/>
    public override IoResult Read(Span<byte> into)
    {
        lock (_lock)
        {
            if (_closed || _closePending)
                return IoResult.Failed(SocketError.OperationAborted);
            var total = 0;
            while (total < into.Length && _cipher.HasSomething() && _cipher.Decrypt(into[total..]) is var got and > 0)
                total += got;
            return total > 0 ? IoResult.Done(total)
                : _cipher.Error != SocketError.Success ? IoResult.Failed(_cipher.Error)
                : _cipher.HasEnded ? IoResult.EndOfStream
                : IoResult.WouldBlock;
        }
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> from)
    {
        lock (_lock)
        {
            if (_closed || _isShutDown)
                return IoResult.Failed(SocketError.OperationAborted);
            if (Flush() == IoStatus.WouldBlock)
                return IoResult.WouldBlock;
            if (_cipher.Error != SocketError.Success)
                return IoResult.Failed(_cipher.Error);
            from = from[..Math.Min(from.Length, MostPerWrite)];
            _cipher.Encrypt(from);
            Flush();
            return _cipher.Error == SocketError.Success ? IoResult.Done(from.Length) : IoResult.Failed(_cipher.Error);
        }
    }

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        lock (_lock)
        {
            if (_closed || _isShutDown)
                return;
            SayGoodbye();
            _finPending = true;
            Flush();
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        lock (_lock)
        {
            _owner = null;
            if (_closed || _closePending)
                return;
            SayGoodbye();
            _closePending = true;
            Flush();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        lock (_lock)
        {
            _owner = null;
            _inner.Reset();
            Dispose();
        }
    }

    /// <summary>Hands the kernel what is left of records, and then does what waited for that.</summary>
    private IoStatus Flush()
    {
        var status = _records.HasUnsent ? _records.Flush(_inner) : IoStatus.Done;
        if (status == IoStatus.WouldBlock)
            return status;
        if (status == IoStatus.Failed)
            _cipher.Break(SocketError.ConnectionReset);
        if (_finPending)
        {
            _finPending = false;
            _inner.ShutdownSend();
        }

        if (_closePending)
        {
            _inner.Close();
            Dispose();
        }

        return status;
    }

    private void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        _cipher.Dispose();
    }

    /// <summary>close_notify, behind everything that was written, once.</summary>
    private void SayGoodbye()
    {
        if (!_isShutDown)
            _cipher.SayGoodbye();
        _isShutDown = true;
    }
}
