using AkkaSocks.Proxy.Relays;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>
/// Forwards HTTP requests with Kestrel as the server towards clients and SocketsHttpHandler as the client towards origins, joined by
/// YARP's forwarder. It listens nowhere: connections are handed to it by sessions.
/// </summary>
/// <remarks>
/// <code>
/// session ─► HandedConnections ─► Kestrel ─► ForwardingApplication ─► YARP ─► OriginClient ─► HttpConversation.Dial
/// </code>
/// Nothing of it is started before the first conversation.
/// </remarks>
internal sealed class HttpForwarding : IHttpForwarding, IAsyncDisposable
{
    private readonly HandedConnections _connections = new();
    private readonly Lazy<Task<Running>> _running;

    /// <summary>Starts nothing yet.</summary>
    public HttpForwarding() => _running = new Lazy<Task<Running>>(StartAsync);

    private sealed record Running(KestrelServer Server, ServiceProvider Services);

    /// <inheritdoc/>
    public async Task Converse(HttpConversation conversation)
    {
        await _running.Value.ConfigureAwait(false);
        await using var connection = new HandedConnection(conversation);
        using var origins = new OriginClient(conversation);
        connection.Features.Set(origins);
        if (_connections.TryHand(connection))
            await connection.Ended.ConfigureAwait(false);
    }

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _connections.Stop();
        if (!_running.IsValueCreated)
            return;
        var running = await _running.Value.ConfigureAwait(false);
        await running.Server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        running.Server.Dispose();
        await running.Services.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<Running> StartAsync()
    {
        var services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        var options = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false, AllowHostHeaderOverride = true };
        Relax(options.Limits);
        options.Listen(new HandedEndPoint(), listen => listen.Protocols = HttpProtocols.Http1);
        var server = new KestrelServer(Options.Create(options), _connections, NullLoggerFactory.Instance);
        var application = new ForwardingApplication(services.GetRequiredService<IHttpForwarder>());
        await server.StartAsync(application, CancellationToken.None).ConfigureAwait(false);
        return new Running(server, services);
    }

    /// <summary>A server's limits on bodies and their pace are no proxy's; silence is the session's to end.</summary>
    private static void Relax(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = Timeout.InfiniteTimeSpan;
        limits.MaxConcurrentConnections = null;
    }
}
