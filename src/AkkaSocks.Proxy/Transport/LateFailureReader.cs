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

    /// <summary>Why nothing more comes; to be set before the writer completes.</summary>
    public Exception? Failure
    {
        set => _failure = value;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => reader.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);

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

    /// <exception cref="IOException">All has been read, or nobody takes what is left.</exception>
    private ReadResult Told(ReadResult result)
    {
        if (_failure is not { } failure || !result.IsCompleted)
            return result;
        if (!result.IsCanceled && (result.Buffer.IsEmpty || result.Buffer.Length == _left))
        {
            reader.AdvanceTo(result.Buffer.Start);
            throw new IOException(failure.Message, failure.InnerException);
        }

        if (!result.IsCanceled)
            _left = result.Buffer.Length;
        return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
    }
}
