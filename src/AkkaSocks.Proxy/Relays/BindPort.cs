using System.Net;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>The port of one BIND: it answers one expected caller, and resets everybody else.</summary>
/// <param name="socket">Where it listens; closed by this object.</param>
/// <param name="bound">Where callers are told to call.</param>
/// <param name="expected">Who may.</param>
internal sealed class BindPort(AnsweringSocket socket, IPEndPoint bound, ExpectedCallers expected)
{
    // Then others of the same loop have their turn.
    private const int CallersPerTurn = 16;

    /// <summary>Where callers are told to call.</summary>
    public IPEndPoint Bound => bound;

    /// <summary>Tells the owner when somebody calls.</summary>
    public void Watch(IConnectionOwner owner) => socket.Watch(owner);

    /// <summary>Answers those who call, until there is one to report.</summary>
    /// <param name="endAtStranger">The first who is not expected is reported, not only reset.</param>
    /// <param name="caller">The one that was waited for, the owner's from then on: the port is closed.</param>
    public Call Answer(bool endAtStranger, out Connection? caller)
    {
        for (var left = CallersPerTurn; left > 0; left--)
        {
            caller = socket.TryAccept();
            if (caller is null)
                return Call.None;
            if (expected.Include(caller.Remote))
            {
                // Before anything is said: nobody else shall find it open.
                Close();
                return Call.Expected;
            }

            caller.Reset();
            if (endAtStranger)
                return Call.Stranger;
        }

        caller = null;
        return Call.More;
    }

    /// <summary>Gives the port back. Harmless when closed already.</summary>
    public void Close() => socket.Close();
}

/// <summary>Who has called at a <see cref="BindPort"/>.</summary>
internal enum Call : byte
{
    /// <summary>Nobody, or nobody any more: the owner is told of the next one.</summary>
    None,

    /// <summary>The one that was waited for.</summary>
    Expected,

    /// <summary>Somebody else.</summary>
    Stranger,

    /// <summary>So many strangers that there may be more: ask again later, unasked.</summary>
    More,
}
