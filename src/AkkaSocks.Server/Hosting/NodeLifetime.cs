using System.Net;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Hosting;

/// <summary>The node between start and stop of the host. It stops before the actor system it lives in, being started after it.</summary>
internal sealed class NodeLifetime(
    ProxySettings settings,
    IPEndPoint? admin,
    Func<ActorSystem, Task<ProxyNode>> start,
    NodeEngines engines,
    ActorSystem system,
    IHostApplicationLifetime host) : IHostedService
{
    private ProxyNode? _node;

    /// <summary>The node has lost its cluster: it has drained, and whoever supervises it should start it again.</summary>
    public bool MustStartAgain { get; private set; }

    /// <summary>The node's users, once it has started.</summary>
    public UserDirectory Users => _node?.Users ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>The node; null until it has started.</summary>
    public ProxyNode? Node => _node;

    /// <summary>Where clients come in; nowhere until it has started.</summary>
    public IReadOnlyList<(string Name, IPEndPoint Bound)> Endpoints => _node?.Endpoints ?? [];

    /// <inheritdoc/>
    /// <exception cref="BindFailedException">A listener could not have its address.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _node = await start(system);
        _ = StopWhenDrainedAsync(_node);
        Console.Out.WriteLine(Greeting.Listening(_node.Endpoints));
        Console.Out.WriteLine(Greeting.Example(_node.Endpoints[0].Bound, settings.Listeners[0], settings.Auth.Methods));
        foreach (var warning in Greeting.Warnings(settings.Mitm))
            await Console.Error.WriteLineAsync(warning);
        if (admin is not null)
            Console.Out.WriteLine(Greeting.Admin(admin, hasToken: settings.Admin is { Token: not null } or { ReadToken: not null }));
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_node is null)
            return;
        await _node.StopAsync();

        // After the sessions, which use them.
        await engines.DisposeAsync();
    }

    /// <summary>Lets sessions end before the host stops, where others can take the clients.</summary>
    /// <returns>False when there is nothing to wait for.</returns>
    public bool TryLeave()
    {
        if (_node is not { HasOthers: true, Drained.IsCompleted: false } node)
            return false;
        node.Drain.Begin(DrainCause.Stopping);
        return true;
    }

    private async Task StopWhenDrainedAsync(ProxyNode node)
    {
        var cause = await node.Drained;
        MustStartAgain = cause == DrainCause.Downed;
        host.StopApplication();
    }
}
