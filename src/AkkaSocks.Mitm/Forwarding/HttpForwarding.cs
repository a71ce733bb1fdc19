using System.Text;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Handing;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Proxy.Relays;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>
/// Forwards HTTP requests with Kestrel as the server towards clients and SocketsHttpHandler as the client towards origins, joined by
/// YARP's forwarder.
/// </summary>
/// <remarks>
/// <code>
/// session ─► HandedServer: Kestrel ─► ForwardingApplication ─┬───────────► YARP ─► OriginClient ────────────┬─► HttpConversation.Dial
///                                                            └─ in scope ─► exchanges ─► OriginConnections ─┘
/// </code>
/// </remarks>
/// <param name="interceptor">Looks into requests that are in scope; null where nobody does.</param>
internal sealed class HttpForwarding(Interceptor? interceptor) : IHttpForwarding, IAsyncDisposable
{
    private readonly HandedServer _server = new(
        forwarder => new ForwardingApplication(forwarder, interceptor?.ExchangesBy(forwarder)), Relax);

    /// <inheritdoc/>
    public async Task Converse(HttpConversation conversation)
    {
        await using var connection = new HandedConnection(conversation.Session, conversation.Client);
        using var origins = new OriginClient(conversation);
        using var looking = interceptor?.Open(conversation);
        connection.Features.Set(conversation);
        connection.Features.Set(origins);
        connection.Features.Set(looking);
        await _server.ServeAsync(connection, HttpProtocols.Http1).ConfigureAwait(false);
    }

    /// <summary>Ends what is under way.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A server's limits on bodies and their pace are no proxy's; silence is the session's to end.</summary>
    private static void Relax(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.AllowHostHeaderOverride = true;
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        var limits = options.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = ExchangeLimits.LongSilence;
        limits.MaxConcurrentConnections = null;
    }
}
