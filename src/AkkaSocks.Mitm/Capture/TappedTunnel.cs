using System.Net;

namespace AkkaSocks.Mitm.Capture;

/// <summary>What an origin has switched to another protocol, as the forwarder reads and writes it, its WebSocket messages noted.</summary>
/// <param name="tunnel">The origin's.</param>
/// <param name="recording">Notes the messages.</param>
internal sealed class TappedTunnel(HttpContent tunnel, ExchangeRecording recording) : HttpContent
{
    /// <inheritdoc/>
    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new Tap(await tunnel.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), recording);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            tunnel.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Tap(Stream stream, ExchangeRecording recording) : Stream
    {
        private readonly MessageReader _up = recording.Messages(fromClient: true), _down = recording.Messages(fromClient: false);
        private bool _isUpBroken, _isDownBroken;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Note(_down, buffer.Span[..read], ref _isDownBroken);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Note(_up, buffer.Span, ref _isUpBroken);
            return stream.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override void Flush() => stream.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                stream.Dispose();
                _up.Dispose();
                _down.Dispose();
            }

            base.Dispose(disposing);
        }

        /// <summary>What cannot be read as messages still passes.</summary>
        private void Note(MessageReader reader, ReadOnlySpan<byte> bytes, ref bool isBroken)
        {
            if (isBroken)
                return;
            try
            {
                reader.Read(bytes);
            }
            catch (InvalidDataException)
            {
                isBroken = true;
                recording.OnUnreadable();
            }
        }
    }
}
