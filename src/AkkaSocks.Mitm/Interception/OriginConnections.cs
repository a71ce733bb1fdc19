using System.Collections.Immutable;
using System.Net.Security;
using System.Text;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Forwarding;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Interception;

/// <summary>
/// The connections of one session to its origin. The first is there already; those that an HTTP client wants besides are dialed by
/// the session's rules. They are shared with nobody, so nothing that one client causes reaches another.
/// </summary>
internal sealed class OriginConnections : IDisposable
{
    private readonly InterceptedTunnel _tunnel;
    private readonly OriginTls _tls;
    private readonly string _serverName;
    private Stream? _first;

    /// <summary>With the connection that is there.</summary>
    /// <param name="tunnel">The session's.</param>
    /// <param name="tls">TLS for those that are dialed.</param>
    /// <param name="serverName">The name that TLS asks the origin for.</param>
    /// <param name="first">The connection, inside TLS where there is TLS.</param>
    public OriginConnections(InterceptedTunnel tunnel, OriginTls tls, string serverName, Stream first)
    {
        (_tunnel, _tls, _serverName, _first) = (tunnel, tls, serverName, first);
        Invoker = new HttpMessageInvoker(ExchangeLimits.NewOrigin(ConnectAsync));
    }

    /// <summary>Sends requests by these connections.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Invoker.Dispose();
        Interlocked.Exchange(ref _first, null)?.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host.Trim('[', ']');
        if (!Destination.TryOfName(Encoding.ASCII.GetBytes(host), (ushort)context.DnsEndPoint.Port, out var destination))
            throw new DialRefusedException(Refusal.BadDestinationName);
        var isOwn = destination == _tunnel.Destination;
        if (isOwn && Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        var pipes = await _tunnel.Dial(destination, cancel).ConfigureAwait(false);
        if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps)
            return new PipeStream(pipes);
        var handshake = await _tls.ConnectAsync(
            pipes,
            isOwn ? _serverName : host,
            ProtocolsOf(context.InitialRequestMessage),
            _tunnel.HandshakeTimeout,
            cancel).ConfigureAwait(false);
        return handshake.Stream ?? throw new IOException($"TLS with {destination} failed: {handshake.Distrust ?? handshake.Failure}");
    }

    private static ImmutableArray<SslApplicationProtocol> ProtocolsOf(HttpRequestMessage request) =>
        request.Version.Major >= 2
            ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http11];
}
