using System.IO.Pipelines;
using System.Net;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>
/// The HTTP client of one conversation. It shares no connection with any other, so nothing that one client causes can reach the
/// answers of another.
/// </summary>
internal sealed class OriginClient(HttpConversation conversation) : IDisposable
{
    /// <summary>Sends requests as they are: no cookies, redirects, decompression or tracing of its own.</summary>
    public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = async (context, cancel) => await Connect(conversation, context.DnsEndPoint, cancel).ConfigureAwait(false),
    });

    /// <inheritdoc/>
    public void Dispose() => Invoker.Dispose();

    private static async Task<Stream> Connect(HttpConversation conversation, DnsEndPoint endpoint, CancellationToken cancel)
    {
        var host = Encoding.ASCII.GetBytes(endpoint.Host.Trim('[', ']'));
        if (!Destination.TryOfName(host, (ushort)endpoint.Port, out var destination))
            throw new DialRefusedException(Refusal.BadDestinationName);
        return new PipeStream(await conversation.Dial(destination, cancel).ConfigureAwait(false));
    }

    /// <summary>A pair of pipes as the stream that a handler wants.</summary>
    private sealed class PipeStream(IDuplexPipe pipes) : Stream
    {
        private readonly Stream _input = pipes.Input.AsStream(), _output = pipes.Output.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _input.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            _input.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _output.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            _output.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => _output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            pipes.Output.Complete();
            pipes.Input.Complete();
            base.Dispose(disposing);
        }
    }
}
