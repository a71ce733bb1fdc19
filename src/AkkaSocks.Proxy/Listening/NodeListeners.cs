using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Tls;

namespace AkkaSocks.Proxy.Listening;

/// <summary>
/// The listeners of a node: opened at its start, and brought in line with other settings while it runs. First all is opened that may
/// fail, and when it does nothing has changed; then the entrances are swapped, and what is left over is closed. Sessions do not notice.
/// </summary>
/// <param name="system">Where the parents of sessions live.</param>
/// <param name="transport">Where sockets come from.</param>
/// <param name="ownEndpoints">Told where the node listens.</param>
/// <param name="acceptorOf">Makes what takes connections for an entrance.</param>
/// <param name="log">The process log.</param>
internal sealed class NodeListeners(
    ActorSystem system,
    NetworkTransport transport,
    OwnEndpoints ownEndpoints,
    Func<Entrance, Acceptor> acceptorOf,
    ILoggingAdapter log)
{
    // By listener and lane. They stay when their listener goes, since its sessions may: there are no more of them than names.
    private readonly Dictionary<string, ImmutableArray<IActorRef>> _parents = [];
    private ImmutableArray<OpenListener> _open = [];
    private HandshakePool? _tlsHandshakes;
    private int _isClosed;

    private sealed record OpenListener(ListenerSettings Settings, SecuredListener? Tls, ListenSocket Socket, Acceptor Acceptor);

    private sealed record Wanted(ListenerSettings Settings, SecuredListener? Tls, Entrance Entrance, OpenListener? Kept);

    /// <summary>Where the node listens: the listeners' names and the addresses that were bound.</summary>
    public IReadOnlyList<(string Name, IPEndPoint Bound)> Endpoints => [.. _open.Select(it => (it.Settings.Name, it.Socket.Bound))];

    /// <summary>How many listen.</summary>
    public int Count => Volatile.Read(ref _isClosed) == 0 ? _open.Length : 0;

    /// <summary>TLS handshakes under way.</summary>
    public int PendingHandshakes => _tlsHandshakes?.Pending ?? 0;

    /// <summary>Listens as the settings say. Not for two threads at once.</summary>
    /// <exception cref="StartFailedException">It cannot: all is as before.</exception>
    public void Follow(ProxySettings settings, NodeParts.Wirings wirings)
    {
        var left = _open.ToList();
        ImmutableArray<Wanted> wanted = [.. settings.Listeners.Select(it => Prepare(it, settings, wirings, left))];
        var opened = new List<OpenListener>();
        try
        {
            opened.AddRange(wanted.Where(it => it.Kept is null).Select(it => Bind(it, settings.Transport.Backlog)));
        }
        catch (StartFailedException)
        {
            Close(opened);
            throw;
        }

        if (_tlsHandshakes is { } handshakes)
            handshakes.Most = settings.Limits.MaxTlsHandshakes;
        foreach (var listener in wanted)
        {
            if (listener.Kept is not { } kept)
                continue;
            kept.Acceptor.Entrance = listener.Entrance;
            opened.Add(kept with { Settings = listener.Settings, Tls = listener.Tls });
        }

        _open = [.. opened.OrderBy(it => settings.Listeners.IndexOf(it.Settings))];
        Close(left);
    }

    /// <summary>Stops accepting, for good. Sessions live on.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            Close(_open);
    }

    /// <summary>Ends every session.</summary>
    public async Task StopAsync()
    {
        Close();
        await Task.WhenAll(_parents.Values.SelectMany(it => it).Select(parent => parent.GracefulStop(TimeSpan.FromSeconds(5)))).ConfigureAwait(false);
        _tlsHandshakes?.Dispose();
    }

    private Wanted Prepare(ListenerSettings listener, ProxySettings settings, NodeParts.Wirings wirings, List<OpenListener> left)
    {
        var tls = Secure(listener, settings);
        var proxies = new TrustedProxies(listener.ProxyProtocol);
        var wiring = wirings(listener, proxies, tls);
        var parents = ParentsOf(listener.Name, wiring);
        var kept = left.Find(it => it.Settings.Name == listener.Name && it.Settings.Endpoint.Equals(listener.Endpoint))
            ?? left.Find(it => it.Socket.Bound.Equals(listener.Endpoint));
        if (kept is not null)
            left.Remove(kept);
        return new Wanted(listener, tls, new Entrance(listener.Name, proxies, [.. parents.Zip(wiring)]), kept);
    }

    private ImmutableArray<IActorRef> ParentsOf(string listener, ImmutableArray<SessionWiring> wiring)
    {
        if (!_parents.TryGetValue(listener, out var parents))
        {
            _parents[listener] = parents =
                [.. wiring.Select(it => system.ActorOf(ListenerActor.Props(it.Lane), $"listener-{listener}-{it.Lane.Index}"))];
        }

        return parents;
    }

    // What clients may resume lives as long as what was opened, so it is not opened again without need.
    private SecuredListener? Secure(ListenerSettings listener, ProxySettings settings)
    {
        if (listener.Tls is not { } tls)
            return null;
        try
        {
            if (_open.FirstOrDefault(it => it.Settings.Name == listener.Name && it.Settings.Tls == tls)?.Tls is { } open)
            {
                open.Renew();
                return open;
            }

            _tlsHandshakes ??= new HandshakePool(settings.Transport.TlsThreads, settings.Limits.MaxTlsHandshakes);
            return SecuredListener.Open(listener.Name, tls, _tlsHandshakes, log);
        }
        catch (Exception cause) when (cause is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateUnavailableException(listener.Name, cause);
        }
    }

    private OpenListener Bind(Wanted wanted, int backlog)
    {
        var acceptor = acceptorOf(wanted.Entrance);
        try
        {
            var socket = transport.Listen(wanted.Settings.Endpoint, backlog, acceptor);
            ownEndpoints.Add(socket.Bound);
            return new OpenListener(wanted.Settings, wanted.Tls, socket, acceptor);
        }
        catch (SocketException cause)
        {
            throw new BindFailedException(wanted.Settings, cause);
        }
    }

    private void Close(IEnumerable<OpenListener> listeners)
    {
        foreach (var listener in listeners)
        {
            listener.Socket.Close();
            ownEndpoints.Remove(listener.Socket.Bound);
        }
    }
}
