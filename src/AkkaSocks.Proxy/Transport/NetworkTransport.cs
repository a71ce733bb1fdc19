using System.Net;

namespace AkkaSocks.Proxy.Transport;

/// <summary>The sockets of one node. <see cref="Epoll.EpollTransport"/> and <see cref="Sockets.SocketTransport"/> are the two.</summary>
internal abstract class NetworkTransport : IDisposable
{
    /// <summary>Where sessions can live.</summary>
    public abstract IReadOnlyList<Lane> Lanes { get; }

    /// <summary>Binds and listens; connections reach <see cref="IAcceptor.OnAccepted"/> of <paramref name="acceptor"/>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public abstract ListenSocket Listen(IPEndPoint endpoint, int backlog, IAcceptor acceptor);

    /// <summary>Ends the transport's threads and closes what is still open. Call it when no actor runs any more.</summary>
    public abstract void Dispose();
}

/// <summary>A bound, listening socket.</summary>
internal abstract class ListenSocket
{
    /// <summary>The address that was bound, with the port the system chose where 0 was asked for.</summary>
    public abstract IPEndPoint Bound { get; }

    /// <summary>Stops accepting. Accepted connections live on.</summary>
    public abstract void Close();
}

/// <summary>Who takes accepted connections.</summary>
internal interface IAcceptor
{
    /// <summary>Called for every accepted connection, on a thread of the transport; must not block. The callee owns the connection.</summary>
    void OnAccepted(Connection connection, Lane lane);

    /// <summary>Accepting failed for want of descriptors or memory and pauses for a moment; called once per pause.</summary>
    void OnAcceptPaused(System.Net.Sockets.SocketError error, TimeSpan pause);
}
