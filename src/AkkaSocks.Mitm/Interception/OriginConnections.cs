using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Handing;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Interception;

/// <summary>
/// The connections of one session to origins: dialed by the session's rules, but for the one that is there already where the session is
/// a tunnel. They are shared with nobody, so nothing that one client causes reaches another.
/// </summary>
internal sealed class OriginConnections : IDisposable
{
    // Of a client that asks for one authority after the other; the origin of a tunnel is kept as long as the tunnel.
    private static readonly TimeSpan KeptIdle = TimeSpan.FromMinutes(1);

    private readonly Func<Destination, CancellationToken, Task<IDuplexPipe>> _dial;
    private readonly OriginTls _tls;
    private readonly TimeSpan _handshakeTimeout;
    private readonly Destination? _own;
    private readonly string? _serverName;
    private Stream? _first;

    /// <summary>Those of a tunnel, with the connection that is there.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="tls">TLS for those that are dialed.</param>
    /// <param name="serverName">The name that TLS asks the origin for.</param>
    /// <param name="first">The connection, inside TLS where there is TLS.</param>
    public OriginConnections(InterceptedTunnel tunnel, OriginTls tls, string serverName, Stream first)
        : this(tunnel.Dial, tls, tunnel.HandshakeTimeout, Timeout.InfiniteTimeSpan) =>
        (_own, _serverName, _first) = (tunnel.Destination, serverName, first);

    /// <summary>Those of a client that names a destination with each request; none is there yet.</summary>
    /// <param name="conversation">The client's requests.</param>
    /// <param name="tls">TLS for those that rules send elsewhere.</param>
    public OriginConnections(HttpConversation conversation, OriginTls tls)
        : this(conversation.Dial, tls, conversation.HandshakeTimeout, KeptIdle)
    {
    }

    private OriginConnections(
        Func<Destination, CancellationToken, Task<IDuplexPipe>> dial, OriginTls tls, TimeSpan handshakeTimeout, TimeSpan keptIdle)
    {
        (_dial, _tls, _handshakeTimeout) = (dial, tls, handshakeTimeout);
        Invoker = new HttpMessageInvoker(ExchangeLimits.NewOrigin(ConnectAsync, keptIdle));
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
        var isOwn = destination == _own;
        if (isOwn && Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        var pipes = await _dial(destination, cancel).ConfigureAwait(false);
        if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps)
            return new PipeStream(pipes);
        var handshake = await _tls.ConnectAsync(
            pipes,
            isOwn ? _serverName! : host,
            ProtocolsOf(context.InitialRequestMessage),
            _handshakeTimeout,
            cancel).ConfigureAwait(false);
        return handshake.Stream ?? throw new IOException($"TLS with {destination} failed: {handshake.Distrust ?? handshake.Failure}");
    }

    private static ImmutableArray<SslApplicationProtocol> ProtocolsOf(HttpRequestMessage request) =>
        request.Version.Major >= 2
            ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http11];
}
