using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// What Kestrel and SocketsHttpHandler must not do when they carry what is between two others. A server's limits on bodies and their
/// pace are no proxy's; silence is the session's to end. What bounds memory stays bounded.
/// </summary>
internal static class ExchangeLimits
{
    // Origins take heads of 8 KiB to 64 KiB; more than a few times that is nobody's cookie.
    private const int MaxHeadBytes = 256 * 1024;
    private const int MaxFields = 1000;
    private const int MaxRequestLine = 64 * 1024;

    // RFC 9113 §6.5.2 advises at least 100; Chromium opens as many as it is let.
    private const int MaxStreams = 256;

    // What one stream, and one connection, may hold for an origin that is slower than its client.
    private const int StreamWindow = 768 * 1024, ConnectionWindow = 1024 * 1024;

    /// <summary>How long Kestrel lets a connection wait for its next request; the session's own timeout ends it long before. Not an infinite
    /// time: Kestrel adds it to the clock, which overflows, and closes whoever waits within a second (seen with .NET 10.0.12).</summary>
    public static readonly TimeSpan LongSilence = TimeSpan.FromDays(30);

    /// <summary>The options of the private server.</summary>
    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.AllowHostHeaderOverride = true;
        options.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        var limits = options.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = LongSilence;
        limits.MaxConcurrentConnections = null;
        limits.MaxRequestHeadersTotalSize = MaxHeadBytes;
        limits.MaxRequestHeaderCount = MaxFields;
        limits.MaxRequestLineSize = MaxRequestLine;
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeadBytes;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
    }

    /// <summary>
    /// The client of a session's origin: sends requests as they are, with no cookies, redirects, decompression or tracing of its own,
    /// and keeps its connections however old they are.
    /// </summary>
    /// <param name="connect">Connects; a stream that has done its TLS is taken as it is.</param>
    /// <param name="keptIdle">How long a connection is kept that nothing is asked by.</param>
    public static SocketsHttpHandler NewOrigin(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect, TimeSpan keptIdle) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = false,
        MaxResponseHeadersLength = MaxHeadBytes / 1024,
        InitialHttp2StreamWindowSize = StreamWindow,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        PooledConnectionIdleTimeout = keptIdle,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ConnectCallback = connect,
    };
}
