using System.Net;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>The session that an exchange happens in.</summary>
/// <param name="Session">Its name, as in the log and the API.</param>
/// <param name="Client">Where the client connects from.</param>
/// <param name="User">Who has logged in, made safe for logs; null when nobody had to.</param>
/// <param name="Destination">What the client asked the proxy for: host and port.</param>
/// <param name="IsTls">Whether the exchange is inside TLS.</param>
public sealed record InspectedSession(string Session, IPEndPoint Client, string? User, string Destination, bool IsTls);
