using AkkaSocks.Proxy.Relays;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>
/// Forwards HTTP requests with Kestrel as the server towards clients and SocketsHttpHandler as the client towards origins, joined by
/// YARP's forwarder.
/// </summary>
/// <remarks>
/// <code>
/// session ─► HandedServer: Kestrel ─► ForwardingApplication ─► YARP ─► OriginClient ─► HttpConversation.Dial
/// </code>
/// </remarks>
internal sealed class HttpForwarding : IHttpForwarding, IAsyncDisposable
{
    private readonly HandedServer _server = new(forwarder => new ForwardingApplication(forwarder), Relax);

    /// <inheritdoc/>
    public async Task Converse(HttpConversation conversation)
    {
        await using var connection = new HandedConnection(conversation.Session, conversation.Client);
        using var origins = new OriginClient(conversation);
        connection.Features.Set(conversation);
        connection.Features.Set(origins);
        await _server.ServeAsync(connection, HttpProtocols.Http1).ConfigureAwait(false);
    }

    /// <summary>Ends what is under way.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A server's limits on bodies and their pace are no proxy's; silence is the session's to end.</summary>
    private static void Relax(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.AllowHostHeaderOverride = true;
        var limits = options.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = Timeout.InfiniteTimeSpan;
        limits.MaxConcurrentConnections = null;
    }
}
