using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// The origin of one request whose body comes when it comes: what the client has sent goes out before the next byte is waited for.
/// The handler would keep it until its buffer is full, and an upload that pauses would stand still.
/// </summary>
internal sealed class PromptOrigin : HttpMessageHandler
{
    private readonly HttpMessageInvoker _origin;
    private readonly PromptBody _body;

    private PromptOrigin(HttpMessageInvoker origin, PromptBody body) => (_origin, _body) = (origin, body);

    /// <summary>The origin of a request, whose body is read through it.</summary>
    public static HttpMessageInvoker Of(HttpMessageInvoker origin, HttpRequest request)
    {
        var body = new PromptBody(request.Body);
        request.Body = body;
        return new HttpMessageInvoker(new PromptOrigin(origin, body), disposeHandler: false);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
            request.Content = new PromptContent(content, _body);
        return _origin.SendAsync(request, cancellationToken);
    }

    /// <summary>What the client sends. Read by one at a time, so that flushing never meets a write.</summary>
    private sealed class PromptBody(Stream body) : ReadingStream
    {
        /// <summary>Where it goes, as long as it does.</summary>
        public Stream? Outgoing { get; set; }

        /// <inheritdoc/>
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = body.ReadAsync(buffer, cancellationToken);
            return read.IsCompleted || Outgoing is not { } outgoing ? read : SendAhead(read.AsTask(), outgoing, cancellationToken);
        }

        private static async ValueTask<int> SendAhead(Task<int> read, Stream outgoing, CancellationToken cancel)
        {
            try
            {
                await outgoing.FlushAsync(cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                // The next write fails as well, where it is the origin's failure; here it would be taken for the client's.
            }

            return await read.ConfigureAwait(false);
        }
    }

    private sealed class PromptContent : HttpContent
    {
        private readonly HttpContent _content;
        private readonly PromptBody _body;

        public PromptContent(HttpContent content, PromptBody body)
        {
            (_content, _body) = (content, body);
            foreach (var (name, values) in content.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            _body.Outgoing = stream;
            try
            {
                await _content.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _body.Outgoing = null;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _content.Dispose();
            base.Dispose(disposing);
        }
    }
}
