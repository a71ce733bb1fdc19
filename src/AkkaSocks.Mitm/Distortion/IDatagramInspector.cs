using System.Net;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>
/// Sees the datagrams of one UDP association: <c>mitm.datagrams</c> names it by <c>own { type = "My.Inspector, My.Assembly" }</c>. It needs
/// a constructor without parameters and is created for each association. It runs on the event loop of its session, so it must not wait
/// for anything; what it throws ends the association.
/// </summary>
public interface IDatagramInspector
{
    /// <summary>Lets a datagram pass, changes it or keeps it.</summary>
    /// <param name="direction">Where it goes.</param>
    /// <param name="destination">The destination that it goes to, or comes from.</param>
    /// <param name="room">Its payload, and behind it room that it may grow into.</param>
    /// <param name="length">How much of that is payload.</param>
    /// <returns>How much is payload now; less than nothing when none is to go on.</returns>
    int Inspect(FlowDirection direction, IPEndPoint destination, Span<byte> room, int length);
}
