using System.Net;
using System.Text;
using AkkaSocks.Mitm.Handing;
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
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
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
}
