using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Listening;

/// <summary>Stand-in: binds and accepts, and drops every client.</summary>
internal sealed class ProxyNode
{
    private readonly List<TcpListener> _listeners = [];
    private readonly List<(string Name, IPEndPoint Bound)> _endpoints = [];

    private ProxyNode()
    {
    }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<(string Name, IPEndPoint Bound)> Endpoints => _endpoints;

    /// <summary>What the ActorSystem must be created with.</summary>
    public static PreparedNode Prepare(ProxySettings settings) => new(settings);

    internal static Task<ProxyNode> StartAsync(ProxySettings settings)
    {
        var node = new ProxyNode();
        foreach (var listener in settings.Listeners)
        {
            var socket = new TcpListener(listener.Endpoint);
            try
            {
                socket.Start(settings.Transport.Backlog);
            }
            catch (SocketException e)
            {
                throw new BindFailedException(listener, e.SocketErrorCode);
            }

            node._listeners.Add(socket);
            node._endpoints.Add((listener.Name, (IPEndPoint)socket.LocalEndpoint));
        }

        return Task.FromResult(node);
    }

    /// <summary>Closes all listeners.</summary>
    public Task StopAsync()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>Stand-in.</summary>
internal sealed class PreparedNode(ProxySettings settings)
{
    /// <summary>Dispatchers.</summary>
    public string Hocon => "";

    /// <summary>Loops.</summary>
    public Setup Setup { get; } = BootstrapSetup.Create();

    /// <summary>Binds all listeners.</summary>
    public Task<ProxyNode> StartAsync(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return ProxyNode.StartAsync(settings);
    }
}

/// <summary>Stand-in.</summary>
internal sealed class BindFailedException(ListenerSettings listener, SocketError error) : Exception
{
    /// <summary>Which.</summary>
    public ListenerSettings Listener => listener;

    /// <summary>Why.</summary>
    public SocketError Error => error;
}
