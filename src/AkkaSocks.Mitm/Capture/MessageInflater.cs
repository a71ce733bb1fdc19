using System.IO.Compression;

namespace AkkaSocks.Mitm.Capture;

/// <summary>
/// Undoes permessage-deflate (RFC 7692) in one direction: one stream of DEFLATE over all messages, since each may refer to those before.
/// </summary>
internal sealed class MessageInflater : IDisposable
{
    // What each sender leaves out at the end of a message.
    private static readonly byte[] Tail = [0, 0, 0xff, 0xff];

    private readonly Pending _pending = new();
    private readonly DeflateStream _inflated;
    private readonly byte[] _piece = new byte[4096];

    /// <summary>For the first message on.</summary>
    public MessageInflater() => _inflated = new DeflateStream(_pending, CompressionMode.Decompress);

    /// <summary>Inflates what of a message is there.</summary>
    public void Inflate(ReadOnlySpan<byte> bytes, MessageHead message)
    {
        _pending.Bytes = bytes.ToArray();
        while (_inflated.Read(_piece) is var read and > 0)
            message.Add(_piece.AsSpan(0, read));
    }

    /// <summary>Inflates the rest of a message that is over.</summary>
    public void Finish(MessageHead message) => Inflate(Tail, message);

    /// <inheritdoc/>
    public void Dispose() => _inflated.Dispose();

    /// <summary>Bytes that are there; none is not the end.</summary>
    private sealed class Pending : Stream
    {
        public ReadOnlyMemory<byte> Bytes { get; set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = Math.Min(count, Bytes.Length);
            Bytes[..taken].CopyTo(buffer.AsMemory(offset));
            Bytes = Bytes[taken..];
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
