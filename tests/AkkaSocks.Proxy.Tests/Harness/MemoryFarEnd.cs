namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>The far end of a <see cref="MemoryConnection"/> as a stream, for a client that speaks TLS.</summary>
internal sealed class MemoryFarEnd : Stream
{
    private readonly MemoryConnection _near;
    private readonly SemaphoreSlim _more = new(0);
    private int _taken;

    public MemoryFarEnd(MemoryConnection near)
    {
        _near = near;
        near.OnMore = () => _more.Release();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            // In this order: what is written before the end is there when the end is.
            var isOver = _near.IsClosed || _near.HasFinished;
            var written = _near.Written.AsMemory(_taken);
            if (!written.IsEmpty)
            {
                var count = Math.Min(written.Length, buffer.Length);
                written[..count].CopyTo(buffer);
                _taken += count;
                return count;
            }

            if (isOver)
                return 0;
            await _more.WaitAsync(cancellationToken);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _near.Arrive(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
