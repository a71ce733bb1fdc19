using System.Buffers;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// What <see cref="System.Net.Security.SslStream"/> takes for the network: a place where TLS records lie, coming and going. It
/// never does I/O that could block. A read that finds nothing waits until <see cref="Resume"/>, which runs whatever awaits it
/// within the call; a write always completes, and what it left is sent by <see cref="Flush(Connection)"/>.
/// </summary>
/// <remarks>
/// Until <see cref="Attach"/> it is filled from outside, gives what was released only, and touches no connection, so that a
/// handshake can be worked on by another thread; one thread at a time uses it. Buffers are rented while there is something in them.
/// </remarks>
internal sealed class RecordStream : Stream, IValueTaskSource<int>
{
    // Two full records, and a size that the pool has.
    private const int InputCapacity = 32 * 1024;

    // A ClientHello, mostly.
    private const int LeastInputCapacity = 4 * 1024;

    private static readonly IOException WouldWait = new("Nothing has been received.");

    private Connection? _connection;
    private byte[]? _input, _output;
    private int _inputStart, _inputEnd, _released, _outputStart, _outputEnd;
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _wanted;
    private bool _isWaiting, _hasEnded;

    /// <summary>What has been received and not been taken yet.</summary>
    public ReadOnlySpan<byte> Unread => _input.AsSpan(_inputStart, _inputEnd - _inputStart);

    /// <summary>Something is left for <see cref="Flush(Connection)"/>.</summary>
    public bool HasUnsent => _outputEnd > _outputStart;

    /// <summary>Why the connection broke, if it did. A read that waits goes on waiting.</summary>
    public SocketError Error { get; private set; }

    /// <summary>On: a read that finds nothing fails, since its memory does not outlive the call.</summary>
    public bool MustNotWait { get; set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on reads ask the connection by themselves.</summary>
    public void Attach(Connection connection) => _connection = connection;

    /// <summary>Adds bytes that somebody else has received already.</summary>
    public void Add(ReadOnlySpan<byte> received)
    {
        MakeRoom(received.Length);
        received.CopyTo(_input.AsSpan(_inputEnd));
        _inputEnd += received.Length;
    }

    /// <summary>Lets reads have so many of the bytes that are unread.</summary>
    public void Release(int bytes) => _released = bytes;

    /// <summary>Takes what a connection has received, once.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="room">Bytes there shall be room for.</param>
    public IoStatus Fill(Connection connection, int room = InputCapacity)
    {
        if (!connection.IsReadable)
            return IoStatus.WouldBlock;
        MakeRoom(room);
        var read = connection.Read(_input.AsSpan(_inputEnd));
        switch (read.Status)
        {
            case IoStatus.Done:
                _inputEnd += read.Bytes;
                break;
            case IoStatus.EndOfStream:
                _hasEnded = true;
                break;
            case IoStatus.Failed:
                Error = read.Error;
                break;
        }

        ReturnInputWhenEmpty();
        return read.Status;
    }

    /// <summary>Lets a read that waits go on as far as there is something for it.</summary>
    public void Resume()
    {
        while (_isWaiting && TryTake(_wanted.Span, out var taken))
        {
            _isWaiting = false;
            _wanted = default;
            _read.SetResult(taken);
        }
    }

    /// <summary>Hands what was written to a connection.</summary>
    /// <returns><see cref="IoStatus.Done"/> when nothing is left.</returns>
    public IoStatus Flush(Connection connection)
    {
        while (HasUnsent)
        {
            var written = connection.Write(_output.AsSpan(_outputStart, _outputEnd - _outputStart));
            if (written.Status == IoStatus.WouldBlock)
                FitOutput(_outputEnd - _outputStart);
            if (written.Status != IoStatus.Done)
                return written.Status;
            _outputStart += written.Bytes;
        }

        ReturnOutput();
        return IoStatus.Done;
    }

    /// <summary>Says how many bytes the next writes will bring, which spares growing.</summary>
    public void Expect(int bytes) => FitOutput(_outputEnd - _outputStart + bytes);

    /// <summary>Nothing comes any more: a read that waits ends, and the buffers go back.</summary>
    public void End()
    {
        _connection = null;
        _hasEnded = true;
        _released = 0;
        _inputStart = _inputEnd;
        ReturnInputWhenEmpty();
        ReturnOutput();
        Resume();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TryTake(buffer.Span, out var taken))
            return new ValueTask<int>(taken);
        if (MustNotWait)
            return ValueTask.FromException<int>(WouldWait);
        _wanted = buffer;
        _isWaiting = true;
        return new ValueTask<int>(this, _read.Version);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_output is null || _output.Length - _outputEnd < buffer.Length)
            FitOutput(2 * (_outputEnd - _outputStart) + buffer.Length);
        buffer.CopyTo(_output.AsSpan(_outputEnd));
        _outputEnd += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // What is written stays until Flush(Connection).
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token)
    {
        var taken = _read.GetResult(token);
        _read.Reset();
        return taken;
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    /// <summary>A read of nothing completes when there is something: that is how to wait without a buffer.</summary>
    private bool TryTake(Span<byte> into, out int taken)
    {
        if (Unread.IsEmpty && _connection is not null && !_hasEnded)
            Fill(_connection);
        var available = _connection is null ? _released : Unread.Length;
        taken = Math.Min(available, into.Length);
        Unread[..taken].CopyTo(into);
        _inputStart += taken;
        _released -= Math.Min(_released, taken);
        ReturnInputWhenEmpty();
        return available > 0 || _hasEnded;
    }

    private void MakeRoom(int room)
    {
        if (_input is not null && _input.Length - _inputEnd >= room)
            return;
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(Unread.Length + room, LeastInputCapacity));
        Unread.CopyTo(bigger);
        (_inputStart, _inputEnd) = (0, _inputEnd - _inputStart);
        if (_input is not null)
            ArrayPool<byte>.Shared.Return(_input);
        _input = bigger;
    }

    private void ReturnInputWhenEmpty()
    {
        if (_input is null || _inputStart < _inputEnd)
            return;
        ArrayPool<byte>.Shared.Return(_input);
        _input = null;
        _inputStart = _inputEnd = 0;
    }

    /// <summary>Moves the output to a buffer of about this size, unless it lies in one.</summary>
    private void FitOutput(int size)
    {
        if (_output is not null && _output.Length - _outputStart >= size && _output.Length <= 4 * size)
            return;
        var fitting = ArrayPool<byte>.Shared.Rent(size);
        _output.AsSpan(_outputStart, _outputEnd - _outputStart).CopyTo(fitting);
        (_outputStart, _outputEnd) = (0, _outputEnd - _outputStart);
        if (_output is not null)
            ArrayPool<byte>.Shared.Return(_output);
        _output = fitting;
    }

    private void ReturnOutput()
    {
        if (_output is null)
            return;
        ArrayPool<byte>.Shared.Return(_output);
        _output = null;
        _outputStart = _outputEnd = 0;
    }
}
