using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// Where a session lives: the dispatcher its actors run on, the sockets it may open and the deadlines it may set. With event
/// loops there is a lane per loop, and everything of one session stays on one thread; with sockets there is one lane.
/// </summary>
internal abstract class Lane
{
    /// <summary>0-based, unique within the transport.</summary>
    public abstract int Index { get; }

    /// <summary>The Akka dispatcher for actors and streams of this lane.</summary>
    public abstract string DispatcherId { get; }

    /// <summary>The lane's timers.</summary>
    public abstract Deadlines Deadlines { get; }

    /// <summary>True when everything of the lane runs on one thread.</summary>
    public abstract bool IsOneThread { get; }

    /// <summary>True when the lane can move a relay's bytes by itself (<see cref="StartTunnel"/>).</summary>
    public abstract bool CanTunnel { get; }

    /// <summary>Starts connecting. The owner is told "writable" when <see cref="Connection.ConnectOutcome"/> is worth asking.</summary>
    /// <returns>The connection, or null with <paramref name="error"/> set when the kernel refused at once.</returns>
    public abstract Connection? Dial(IPEndPoint remote, IConnectionOwner owner, out SocketError error);

    /// <summary>Opens a socket that waits for callers. One of IPv6 takes IPv6 alone.</summary>
    /// <returns>The socket, or null with <paramref name="error"/> set.</returns>
    public abstract AnsweringSocket? OpenAnsweringSocket(IPEndPoint local, out SocketError error);

    /// <summary>Opens a UDP socket. One of IPv6 takes IPv6 alone.</summary>
    /// <param name="local">Where.</param>
    /// <param name="inRuns">It may receive runs, which cost as little as one datagram, but have no room to grow into.</param>
    /// <param name="error">Why not.</param>
    /// <returns>The socket, or null with <paramref name="error"/> set.</returns>
    public abstract DatagramSocket? OpenDatagramSocket(IPEndPoint local, bool inRuns, out SocketError error);

    /// <summary>Lends an empty batch until <see cref="GiveBack"/>, which must come before the lender's actor returns.</summary>
    public abstract DatagramBatch LendBatch();

    /// <summary>Takes a batch back.</summary>
    public abstract void GiveBack(DatagramBatch batch);

    /// <summary>Whether this host has a route to an address: nothing is sent.</summary>
    public abstract bool HasRoute(IPEndPoint remote);

    /// <summary>Takes over both connections and moves bytes between them until both directions have ended.</summary>
    /// <param name="client">The client's connection; the tunnel closes it.</param>
    /// <param name="destination">The destination's connection; the tunnel closes it.</param>
    /// <param name="prefix">Bytes that go to the destination first: copied.</param>
    /// <param name="owner">Told how it goes.</param>
    /// <exception cref="NotSupportedException">This lane has no tunnel.</exception>
    public abstract Tunnel StartTunnel(
        Connection client, Connection destination, ReadOnlySpan<byte> prefix, ITunnelOwner owner);
}
