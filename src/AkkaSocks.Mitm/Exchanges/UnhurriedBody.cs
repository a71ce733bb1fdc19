namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// The body of a response whose first byte may be long in coming. YARP sends headers with it (dotnet/yarp#2520), and some clients
/// send nothing more until they have the headers; so these go ahead of a body that hesitates.
/// </summary>
/// <param name="body">The origin's.</param>
/// <param name="response">Where the headers are flushed.</param>
/// <param name="patience">How long the first byte may take until they are.</param>
internal sealed class UnhurriedBody(Stream body, Stream response, TimeSpan patience) : Stream
{
    private bool _hasBegun;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(buffer, cancellationToken);
        if (_hasBegun)
            return read;
        _hasBegun = true;
        return read.IsCompleted ? read : Hesitating(read.AsTask(), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> Hesitating(Task<int> read, CancellationToken cancel)
    {
        if (await Task.WhenAny(read, Task.Delay(patience, cancel)).ConfigureAwait(false) != read && !read.IsCompleted)
            await response.FlushAsync(cancel).ConfigureAwait(false);
        return await read.ConfigureAwait(false);
    }
}
