using System.Net;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Sessions.Explaining;

/// <summary>A request that somebody might make.</summary>
/// <param name="User">Who; null without authentication.</param>
/// <param name="Command">What is asked for.</param>
/// <param name="Destination">Where to; of UDP, where a datagram would go.</param>
/// <param name="Client">Where from; null when that is not known, and then nothing that goes by it is looked at.</param>
internal sealed record ExplainQuestion(UserName? User, Command Command, Destination Destination, IPAddress? Client);
