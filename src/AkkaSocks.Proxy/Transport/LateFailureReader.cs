using System.Buffers;
using System.IO.Pipelines;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// Reads a pipe whose writer may fail. A pipe itself tells of that at once, and what was written before is lost; here it comes first.
/// What a client says before it resets the connection may be what matters: an alert of TLS.
/// </summary>
/// <param name="reader">The pipe's, whose writer is completed without an exception.</param>
internal sealed class LateFailureReader(PipeReader reader) : PipeReader
{
    private volatile Exception? _failure;

    // Of the last read after which nothing more could come, and of which nothing has been taken since.
    private long _left = -1;
    private ReadOnlySequence<byte> _read;
    private bool _hasSeenAll;

    /// <summary>Why nothing more comes; to be set before the writer completes.</summary>
    public Exception? Failure
    {
        set => _failure = value;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Who only wanted to know that there is something, as TLS does with a read of no bytes, has seen nothing of it yet.
        _hasSeenAll = _read.Slice(examined).IsEmpty;
        _read = default;
        reader.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => reader.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => reader.Complete(exception);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        var isRead = reader.TryRead(out result);
        if (isRead)
            result = Told(result);
        return isRead;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = reader.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Told(read.Result)) : Later(read);
    }

    private async ValueTask<ReadResult> Later(ValueTask<ReadResult> read) => Told(await read.ConfigureAwait(false));

    /// <exception cref="IOException">All has been read, or who has seen what is left takes nothing of it.</exception>
    private ReadResult Told(ReadResult result)
    {
        _read = result.Buffer;
        if (_failure is not { } failure || !result.IsCompleted)
            return result;
        if (!result.IsCanceled && (result.Buffer.IsEmpty || (_hasSeenAll && result.Buffer.Length == _left)))
        {
            reader.AdvanceTo(result.Buffer.Start);
            throw new IOException(failure.Message, failure.InnerException);
        }

        if (!result.IsCanceled)
            _left = result.Buffer.Length;
        return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
    }
}
