using System.IO.Pipelines;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// Joins a connection to a pair of pipes, for code that awaits its bytes instead of being told of them. The connection's owner
/// calls <see cref="Pump"/> whenever it is told something; the code at the <see cref="FarEnd"/> may run on any thread.
/// </summary>
/// <remarks>
/// <code>
/// connection ─► Read ─► [ pipe ] ─► FarEnd.Input
/// connection ◄─ Write ◄─ [ pipe ] ◄─ FarEnd.Output
/// </code>
/// Memory is taken when there is something to read. Beyond what a pipe holds (64 KiB) nothing is read until it was taken, so a
/// slow reader holds its writer back.
/// </remarks>
internal sealed class ConnectionPump
{
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);

    private readonly Connection _connection;
    private readonly Action _wake;
    private readonly Pipe _received = new(Options), _toSend = new(Options);
    private readonly LateFailureReader _reader;
    private ValueTask<FlushResult> _flush;
    private ValueTask<ReadResult> _taking;
    private bool _isFlushing, _isTaking, _hasReceivedAll, _hasSentAll;
    private long _receivedBytes, _sentBytes, _lastActivity = Deadlines.Now;

    /// <summary>Takes the connection over.</summary>
    /// <param name="connection">The caller has made somebody its owner, who calls <see cref="Pump"/>.</param>
    /// <param name="prefix">Bytes that were received already: copied.</param>
    /// <param name="wake">Called on any thread when <see cref="Pump"/> is to be called.</param>
    public ConnectionPump(Connection connection, ReadOnlySpan<byte> prefix, Action wake)
    {
        _connection = connection;
        _wake = wake;
        _reader = new LateFailureReader(_received.Reader);
        FarEnd = new Pipes(_reader, _toSend.Writer);
        if (prefix.IsEmpty)
            return;
        prefix.CopyTo(_received.Writer.GetSpan(prefix.Length));
        _received.Writer.Advance(prefix.Length);
        _receivedBytes = prefix.Length;
        Follow(_received.Writer.FlushAsync());
    }

    /// <summary>Where the bytes are awaited. Completing both sides ends it; completing the output with an exception resets the
    /// connection.</summary>
    public IDuplexPipe FarEnd { get; }

    /// <summary>Bytes received from the connection, the prefix included; on any thread.</summary>
    public long Received => Volatile.Read(ref _receivedBytes);

    /// <summary>Bytes the connection has taken; on any thread.</summary>
    public long Sent => Volatile.Read(ref _sentBytes);

    /// <summary>When a byte last moved, on the clock of <see cref="Deadlines.Now"/>.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    /// <summary>The connection broke, or was reset by the far end.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Both directions have ended, and the connection is closed.</summary>
    public bool IsOver { get; private set; }

    /// <summary>One direction has ended.</summary>
    public bool IsHalfOver => _hasReceivedAll || _hasSentAll;

    /// <summary>The connection has said its last, or nobody wants to hear more of it.</summary>
    public bool HasReceivedAll => _hasReceivedAll;

    /// <summary>The far end has said its last, and the connection has taken all of it.</summary>
    public bool HasSentAll => _hasSentAll;

    /// <summary>Moves what can be moved now.</summary>
    public void Pump()
    {
        if (IsOver)
            return;
        Receive();
        Send();
        if (_connection.IsReset && !IsOver)
            Break();
        if (_hasReceivedAll && _hasSentAll)
            Close();
    }

    /// <summary>Ends it in order: what the connection has taken is still delivered, and nothing more is read.</summary>
    public void Close() => End(() => _connection.Close());

    /// <summary>Ends it: the connection is reset, and who awaits at the far end gets an exception.</summary>
    public void Abort() => End(() => _connection.Reset());

    private void Receive()
    {
        if (_isFlushing && !Flushed())
            return;
        while (!_hasReceivedAll && !_isFlushing && _connection.IsReadable)
        {
            var got = _connection.Read(_received.Writer.GetSpan(4096));
            switch (got.Status)
            {
                case IoStatus.Done:
                    Volatile.Write(ref _receivedBytes, _receivedBytes + got.Bytes);
                    Volatile.Write(ref _lastActivity, Deadlines.Now);
                    _received.Writer.Advance(got.Bytes);
                    Follow(_received.Writer.FlushAsync());
                    break;
                case IoStatus.EndOfStream:
                    _hasReceivedAll = true;
                    _received.Writer.Complete();
                    break;
                case IoStatus.Failed:
                    Break();
                    return;
                default:
                    return;
            }
        }
    }

    private void Follow(ValueTask<FlushResult> flush)
    {
        _flush = flush;
        _isFlushing = true;
        if (flush.IsCompleted)
            Flushed();
        else
            flush.GetAwaiter().OnCompleted(_wake);
    }

    /// <returns>False while the pipe is full.</returns>
    private bool Flushed()
    {
        if (!_flush.IsCompleted)
            return false;
        _isFlushing = false;

        // Nobody wants any more of it.
        if (_flush.Result.IsCompleted)
            _hasReceivedAll = true;
        return true;
    }

    private void Send()
    {
        while (!_hasSentAll && !IsOver)
        {
            if (!_isTaking)
            {
                _taking = _toSend.Reader.ReadAsync();
                _isTaking = true;
                if (!_taking.IsCompleted)
                    _taking.GetAwaiter().OnCompleted(_wake);
            }

            if (!_taking.IsCompleted)
                return;
            if (!TryTake(out var taken))
                return;
            var left = taken.Buffer;
            var blocked = false;
            while (!left.IsEmpty && !blocked)
            {
                var put = _connection.Write(left.FirstSpan);
                if (put.Status == IoStatus.Failed)
                {
                    Break();
                    return;
                }

                blocked = put.Status != IoStatus.Done;
                left = left.Slice(put.Bytes);
                Volatile.Write(ref _sentBytes, _sentBytes + put.Bytes);
                Volatile.Write(ref _lastActivity, Deadlines.Now);
            }

            _isTaking = false;
            _toSend.Reader.AdvanceTo(left.Start);
            if (taken.IsCompleted && left.IsEmpty)
            {
                _hasSentAll = true;
                _toSend.Reader.Complete();
                _connection.ShutdownSend();
            }

            if (blocked)
                return;
        }
    }

    /// <returns>False when whoever writes has given up, and with it the connection.</returns>
    private bool TryTake(out ReadResult taken)
    {
        try
        {
            taken = _taking.Result;
            return true;
        }
        catch (Exception)
        {
            // What the writer completed its side with: its own to know. Here it means that the stream is cut short.
            taken = default;
            Abort();
            return false;
        }
    }

    private void Break()
    {
        IsBroken = true;
        Abort();
    }

    private void End(Action close)
    {
        if (IsOver)
            return;
        IsOver = true;
        close();
        var cut = new IOException("The connection has ended.", new SocketException((int)SocketError.ConnectionReset));
        if (!_hasReceivedAll)
        {
            _reader.Failure = cut;
            _received.Writer.Complete();
        }

        if (!_hasSentAll)
            _toSend.Reader.Complete(cut);
    }

    private sealed class Pipes(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
