using System.Net;
using AkkaSocks.Benchmarks.Proxies.Load;

namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>One client connection to the origin over HTTP/2 inside TLS, through a SOCKS5 proxy or directly. It takes whatever
/// certificate it is shown.</summary>
internal sealed class WebClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly Uri _url;

    /// <summary>Connects with the first request.</summary>
    /// <param name="route">The way to the origin.</param>
    public WebClient(Route route)
    {
        _url = new Uri($"https://{route.Destination}/");
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = route.Socks,
            Proxy = route.Socks ? new WebProxy($"socks5://{route.Proxy}") : null,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        });
    }

    /// <summary>One request, to the end of its answer.</summary>
    /// <exception cref="HttpRequestException">There was no good answer.</exception>
    public async Task AskAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await _http.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
    }

    public void Dispose() => _http.Dispose();
}
