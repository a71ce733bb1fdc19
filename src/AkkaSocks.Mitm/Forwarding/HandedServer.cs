using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>
/// A Kestrel of this process's own that listens nowhere: connections are handed to it by sessions. Nothing of it is started before the
/// first one.
/// </summary>
/// <param name="application">Makes what serves the requests.</param>
/// <param name="configure">Sets what a server for others than itself needs.</param>
internal sealed class HandedServer(
    Func<IHttpForwarder, IHttpApplication<HttpContext>> application, Action<KestrelServerOptions> configure) : IAsyncDisposable
{
    // Two: without TLS of its own Kestrel takes the version from where a connection comes in.
    private readonly HandedEndPoint _http1 = new("handed-http1"), _http2 = new("handed-http2");
    private readonly Lock _starting = new();
    private Task<Running>? _running;

    private sealed record Running(KestrelServer Server, ServiceProvider Services);

    /// <summary>It does not run since it could not be started; false while nobody has needed it yet.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_starting)
                return _running is { IsFaulted: true };
        }
    }

    /// <summary>Makes it run; connections may be handed over once the task has completed. One that failed is tried again.</summary>
    public Task EnsureRunningAsync()
    {
        lock (_starting)
        {
            if (_running is null or { IsFaulted: true })
                _running = StartAsync();
            return _running;
        }
    }

    /// <summary>Hands a connection over, and completes when Kestrel has done with it.</summary>
    public async Task ServeAsync(HandedConnection connection, HttpProtocols protocol)
    {
        await EnsureRunningAsync().ConfigureAwait(false);
        if ((protocol == HttpProtocols.Http2 ? _http2 : _http1).TryHand(connection))
            await connection.Ended.ConfigureAwait(false);
    }

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _http1.Stop();
        _http2.Stop();
        if (_running is not { IsFaulted: false } starting)
            return;
        var running = await starting.ConfigureAwait(false);
        await running.Server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        running.Server.Dispose();
        await running.Services.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<Running> StartAsync()
    {
        var services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        var options = new KestrelServerOptions { ApplicationServices = services };
        configure(options);
        options.Listen(_http1, listen => listen.Protocols = HttpProtocols.Http1);
        options.Listen(_http2, listen => listen.Protocols = HttpProtocols.Http2);
        var server = new KestrelServer(Options.Create(options), new HandedListeners(), NullLoggerFactory.Instance);
        await server.StartAsync(application(services.GetRequiredService<IHttpForwarder>()), CancellationToken.None).ConfigureAwait(false);
        return new Running(server, services);
    }

    private sealed class HandedListeners : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            new((HandedEndPoint)endpoint);
    }
}
