using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// A connection inside TLS, once the handshake is over: bytes are encrypted and decrypted where they are read and written, on
/// the owner's thread, which never waits for it.
/// </summary>
/// <remarks>
/// Readiness costs no buffer: a read of zero bytes stands in <see cref="SslStream"/> while there is nothing, and completes with
/// the first whole record. What the kernel did not take of an encrypted write is kept here; until it is gone nothing more is
/// accepted. FIN goes out behind close_notify. FIN that comes without close_notify ends the stream in order when it stands
/// between two records, since most clients close so, and breaks the connection when it cuts one.
/// </remarks>
internal sealed unsafe class SecuredConnection : Connection, IConnectionOwner
{
    // What goes into one send: four records.
    private const int MostPerWrite = 64 * 1024;

    // More than header, nonce and tag of a record in any cipher suite we have.
    private const int OverheadPerRecord = 64;

    private readonly Connection _inner;
    private readonly SslStream _tls;
    private readonly RecordStream _records;
    private readonly Lock _lock = new();
    private IConnectionOwner? _owner;
    private ValueTask<int> _probe;
    private SocketError _error;
    private bool _isProbing, _hasDecrypted, _hasEnded, _isShutDown, _finPending, _closePending, _closed;

    /// <summary>Takes over a connection whose handshake is complete.</summary>
    public SecuredConnection(Connection inner, SslStream tls, RecordStream records)
    {
        _inner = inner;
        _tls = tls;
        _records = records;
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
                return _closed || _closePending || _error != SocketError.Success || _inner.IsReset;
        }
    }

    /// <inheritdoc/>
    public override bool IsReadable
    {
        get
        {
            lock (_lock)
                return HasSomething();
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
            while (total < into.Length && HasSomething() && Decrypt(into[total..]) is var got and > 0)
                total += got;
            return total > 0 ? IoResult.Done(total)
                : _error != SocketError.Success ? IoResult.Failed(_error)
                : _hasEnded ? IoResult.EndOfStream
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
            if (_error != SocketError.Success)
                return IoResult.Failed(_error);
            from = from[..Math.Min(from.Length, MostPerWrite)];
            Encrypt(from);
            Flush();
            return _error == SocketError.Success ? IoResult.Done(from.Length) : IoResult.Failed(_error);
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

    /// <summary>A read would give bytes, the end, or an error. Goes on with the read of nothing that waits for it.</summary>
    private bool HasSomething()
    {
        if (_hasDecrypted || _hasEnded || _closed || _error != SocketError.Success)
            return true;
        try
        {
            if (_isProbing)
                _records.Resume();
            else
                _probe = _tls.ReadAsync(Memory<byte>.Empty);
            _isProbing = !_probe.IsCompleted;
            if (!_isProbing)
            {
                _probe.GetAwaiter().GetResult();
                _hasDecrypted = true;
            }
            else if (_records.Error != SocketError.Success)
            {
                _error = _records.Error;
            }
        }
        catch (Exception failure) when (IsOfTls(failure))
        {
            _error = SocketError.ConnectionAborted;
        }

        return _hasDecrypted || _error != SocketError.Success;
    }

    /// <summary>Takes what is decrypted. 0 at the end and when it failed.</summary>
    private int Decrypt(Span<byte> into)
    {
        if (!_hasDecrypted)
            return 0;
        _hasDecrypted = false;
        _records.MustNotWait = true;
        fixed (byte* start = into)
        {
            try
            {
                var got = _tls.ReadAsync(BorrowedMemory.Lend(start, into.Length)).GetAwaiter().GetResult();
                _hasEnded = got == 0;
                return got;
            }
            catch (Exception failure) when (IsOfTls(failure))
            {
                _error = SocketError.ConnectionAborted;
                return 0;
            }
            finally
            {
                BorrowedMemory.GiveBack();
                _records.MustNotWait = false;
            }
        }
    }

    private void Encrypt(ReadOnlySpan<byte> from)
    {
        _records.Expect(from.Length + (((from.Length >> 14) + 1) * OverheadPerRecord));
        fixed (byte* start = from)
        {
            try
            {
                _tls.WriteAsync(BorrowedMemory.Lend(start, from.Length)).GetAwaiter().GetResult();
            }
            catch (Exception failure) when (IsOfTls(failure))
            {
                _error = SocketError.ConnectionAborted;
            }
            finally
            {
                BorrowedMemory.GiveBack();
            }
        }
    }

    /// <summary>Says close_notify, behind everything that was written.</summary>
    private void SayGoodbye()
    {
        if (_isShutDown)
            return;
        _isShutDown = true;
        try
        {
            // Completes at once, as every write to the records does.
            _tls.ShutdownAsync().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (IsOfTls(failure))
        {
            _error = SocketError.ConnectionAborted;
        }
    }

    /// <summary>Hands the kernel what is left of records, and then does what waited for that.</summary>
    private IoStatus Flush()
    {
        var status = _records.HasUnsent ? _records.Flush(_inner) : IoStatus.Done;
        if (status == IoStatus.WouldBlock)
            return status;
        if (status == IoStatus.Failed && _error == SocketError.Success)
            _error = SocketError.ConnectionReset;
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
        _records.End();
        if (_isProbing)
        {
            _isProbing = false;
            try
            {
                _probe.GetAwaiter().GetResult();
            }
            catch (Exception failure) when (IsOfTls(failure))
            {
                // The end cut a record: of a connection that is closed, no news.
            }
        }

        _tls.Dispose();
    }

    private static bool IsOfTls(Exception failure) =>
        failure is IOException or AuthenticationException or InvalidOperationException or NotSupportedException;
}
