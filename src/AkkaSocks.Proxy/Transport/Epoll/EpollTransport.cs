using System.Net;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>Event loops on Linux: a lane per loop, and every loop accepts.</summary>
internal sealed class EpollTransport : NetworkTransport
{
    private readonly EventLoop[] _loops;
    private readonly EpollLane[] _lanes;

    /// <summary>Creates the loops and starts their threads.</summary>
    /// <param name="loops">How many; one per core is what was measured best.</param>
    /// <param name="onDefect">Told of exceptions that reached a loop.</param>
    public EpollTransport(int loops, Action<Exception> onDefect)
    {
        _loops = [.. Enumerable.Range(0, loops).Select(index => new EventLoop(index, onDefect))];
        _lanes = [.. _loops.Select(loop => new EpollLane(loop))];
        foreach (var loop in _loops)
            loop.Start();
    }

    /// <summary>The loops, for the dispatchers that run on them.</summary>
    public IReadOnlyList<EventLoop> Loops => _loops;

    /// <inheritdoc/>
    public override IReadOnlyList<Lane> Lanes => _lanes;

    /// <inheritdoc/>
    public override ListenSocket Listen(IPEndPoint endpoint, int backlog, IAcceptor acceptor)
    {
        var listener = EpollListenSocket.Bind(endpoint, backlog, acceptor, _lanes);
        foreach (var loop in _loops)
            loop.Post(new Posted(() => loop.Add(listener, listener.Descriptor)));
        return listener;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var loop in _loops)
            loop.Stop();
    }
}
