using System.Net;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// A UDP socket: like a <see cref="Connection"/> all readiness and never blocking, but in batches of whole datagrams, each with
/// an address.
/// </summary>
/// <remarks>One owner at a time, and only the owner calls these members. Whoever owns a socket closes it, on every path.</remarks>
internal abstract class DatagramSocket
{
    /// <summary>
    /// Bytes asked for the kernel's buffers, each way; it may give less (<c>net.core.rmem_max</c>). Its default holds 277 small
    /// datagrams, which come in 3 ms at the rate that one loop relays. The kernel counts only what waits in them.
    /// </summary>
    public const int KernelBuffer = 1024 * 1024;

    /// <summary>The address it is bound to, with the port the system chose where 0 was asked for.</summary>
    public abstract IPEndPoint Local { get; }

    /// <summary>Makes <paramref name="owner"/> the one that is told "readable" from now on.</summary>
    public abstract void Watch(IConnectionOwner owner);

    /// <summary>Receives what has come into the batch, as far as there are places.</summary>
    /// <returns>True when there may be more: the owner is not told again before it has tried. An error that the network has
    /// reported of an earlier datagram is nothing to anybody and passed over.</returns>
    public abstract bool Receive(DatagramBatch batch);

    /// <summary>Sends datagrams of the batch, each whole or not at all; why not stands in <see cref="Datagram.Error"/>.</summary>
    /// <returns>How many were sent.</returns>
    public abstract int Send(DatagramBatch batch, int first, int count);

    /// <summary>Closes it. Harmless when closed already.</summary>
    public abstract void Close();
}
