using System.Buffers;
using AkkaSocks.Mitm.Exchanges;

namespace AkkaSocks.Mitm.Bodies;

/// <summary>A body in which bytes are replaced as it passes.</summary>
internal sealed class ReplacingStream(Stream body, ByteReplacer replacer) : ReadingStream
{
    private readonly ArrayBufferWriter<byte> _ready = new();
    private int _taken;
    private bool _ended;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _ready.WrittenCount && !_ended)
        {
            _ready.ResetWrittenCount();
            _taken = 0;
            var read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0)
                replacer.Write(buffer.Span[..read], _ready);
            else if (!buffer.IsEmpty)
                End();
            else
                return 0;
        }

        var count = Math.Min(buffer.Length, _ready.WrittenCount - _taken);
        _ready.WrittenMemory.Slice(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private void End()
    {
        _ended = true;
        replacer.Finish(_ready);
    }
}
