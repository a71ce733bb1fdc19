using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Mitm.Capture;

/// <summary>A body that is counted as it passes, and whose first bytes are remembered.</summary>
internal sealed class TapStream(Stream body, int keep) : ReadingStream
{
    private readonly MemoryStream _head = new();
    private long _passed;

    /// <summary>What has passed.</summary>
    public CapturedBody Captured => new(Interlocked.Read(ref _passed), _head.ToArray());

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<int>(Note(buffer.Span, read.Result)) : NoteLater(read, buffer);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> NoteLater(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read.ConfigureAwait(false);
        return Note(buffer.Span, count);
    }

    private int Note(ReadOnlySpan<byte> buffer, int read)
    {
        Interlocked.Add(ref _passed, read);
        if (_head.Length < keep)
            _head.Write(buffer[..(int)Math.Min(read, keep - _head.Length)]);
        return read;
    }
}
