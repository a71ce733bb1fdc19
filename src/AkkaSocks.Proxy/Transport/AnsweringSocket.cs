using System.Net;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// A listening socket of one session, on its lane: for the few callers that a BIND waits for. It is all readiness, like a
/// <see cref="Connection"/>, and like one it has one owner, who closes it on every path.
/// </summary>
internal abstract class AnsweringSocket
{
    /// <summary>Calls that the kernel holds: nobody but the one that is waited for has anything to seek here.</summary>
    protected const int Backlog = 16;

    /// <summary>Where it listens.</summary>
    public abstract IPEndPoint Local { get; }

    /// <summary>Makes <paramref name="owner"/> the one that is told "readable" when somebody calls.</summary>
    public abstract void Watch(IConnectionOwner owner);

    /// <summary>Takes the next caller.</summary>
    /// <returns>Its connection, the taker's from then on; null when nobody calls now.</returns>
    public abstract Connection? TryAccept();

    /// <summary>Stops listening; who still waits is reset. Harmless when closed already.</summary>
    public abstract void Close();
}
