using System.Net;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Hosting;

/// <summary>The node between start and stop of the host. It stops before the actor system it lives in, being started after it.</summary>
internal sealed class NodeLifetime(
    ProxySettings settings,
    IPEndPoint? admin,
    Func<ActorSystem, Task<ProxyNode>> start,
    ActorSystem system,
    IHostApplicationLifetime host) : IHostedService
{
    private ProxyNode? _node;

    /// <summary>The node's users, once it has started.</summary>
    public UserDirectory Users => _node?.Users ?? throw new InvalidOperationException("The node has not started.");

    /// <inheritdoc/>
    /// <exception cref="BindFailedException">A listener could not have its address.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _node = await start(system);

        // Whoever supervises the process sees it end, and may start it anew.
        _ = _node.Drained.ContinueWith(_ => host.StopApplication(), TaskScheduler.Default);
        Console.Out.WriteLine(Greeting.Listening(_node.Endpoints));
        Console.Out.WriteLine(Greeting.Example(_node.Endpoints[0].Bound, settings.Auth.Methods));
        if (admin is not null)
            Console.Out.WriteLine(Greeting.Admin(admin, hasToken: settings.Admin.Token is not null));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _node?.StopAsync() ?? Task.CompletedTask;
}
