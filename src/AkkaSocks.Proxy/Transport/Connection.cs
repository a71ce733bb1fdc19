using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// One TCP connection: the seam between the actors and the network. It is all readiness: the owner is told "readable" or
/// "writable", and then reads and writes itself, without ever blocking.
/// </summary>
/// <remarks>
/// One owner at a time, and only the owner calls these members. On an event loop owner, connection and signals share the
/// loop's thread; with <see cref="System.Net.Sockets"/> signals come from any thread, so an owner only passes them on.
/// Whoever owns a connection closes it, on every path.
/// </remarks>
internal abstract class Connection
{
    /// <summary>The address at the far end.</summary>
    public abstract IPEndPoint Remote { get; }

    /// <summary>The address at this end.</summary>
    public abstract IPEndPoint Local { get; }

    /// <summary>The far end has reset the connection, or it broke: reads and writes can only fail. Also true once closed here.</summary>
    public abstract bool IsReset { get; }

    /// <summary>
    /// False when there is nothing to read now; the owner is told when there is. Asking before renting a buffer is what
    /// keeps idle connections free of buffers.
    /// </summary>
    public abstract bool IsReadable { get; }

    /// <summary>Makes <paramref name="owner"/> the one that is told from now on. A new owner tries once by itself.</summary>
    public abstract void Watch(IConnectionOwner owner);

    /// <summary>Moves received bytes into <paramref name="into"/>, which is not empty.</summary>
    public abstract IoResult Read(Span<byte> into);

    /// <summary>Hands bytes to the kernel, fewer than given when its buffer is full.</summary>
    public abstract IoResult Write(ReadOnlySpan<byte> from);

    /// <summary>How connecting ended: <see cref="SocketError.Success"/>, <see cref="SocketError.InProgress"/> or the cause.</summary>
    public abstract SocketError ConnectOutcome();

    /// <summary>Sends FIN after what was written; reading goes on.</summary>
    public abstract void ShutdownSend();

    /// <summary>Closes in order: what was written is still delivered. Harmless when closed already.</summary>
    public abstract void Close();

    /// <summary>Closes with RST: what was not delivered yet is lost, and the far end knows. Harmless when closed already.</summary>
    public abstract void Reset();
}

/// <summary>Who is told when a <see cref="Connection"/> or a <see cref="DatagramSocket"/> becomes ready.</summary>
internal interface IConnectionOwner
{
    /// <summary>Called by the transport; must not block and must not throw.</summary>
    void OnReady(Readiness readiness);
}
