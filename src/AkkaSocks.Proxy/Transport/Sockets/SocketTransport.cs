using System.Net;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <summary><see cref="System.Net.Sockets"/>: for platforms without epoll, and to compare with. One lane, on the thread pool.</summary>
internal sealed class SocketTransport : NetworkTransport
{
    private readonly SocketLane _lane = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Lane> Lanes => [_lane];

    /// <inheritdoc/>
    public override ListenSocket Listen(IPEndPoint endpoint, int backlog, IAcceptor acceptor) =>
        SocketListenSocket.Bind(endpoint, backlog, acceptor, _lane);

    /// <inheritdoc/>
    public override void Dispose() => _lane.Dispose();
}
