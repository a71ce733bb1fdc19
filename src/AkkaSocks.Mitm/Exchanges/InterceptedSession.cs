using System.Net;
using AkkaSocks.Protocol;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>What an exchange knows of the session it happens in: a feature of the connection that Kestrel was handed.</summary>
/// <param name="Session">The session's name, as in the log and the API.</param>
/// <param name="Client">Who the client is.</param>
/// <param name="User">Who has logged in, if anybody had to.</param>
/// <param name="Destination">What the client asked the proxy for.</param>
/// <param name="IsTls">Whether the exchange is inside TLS: https, not http.</param>
/// <param name="Origin">
/// The client of this session's origin; it dials by the session's rules and belongs to nobody else. A request whose authority is
/// <paramref name="Destination"/> takes the session's own connection to the origin; another authority is one that a rule has put
/// there, and is dialled by its name, with TLS of its own when the scheme is https.
/// </param>
/// <param name="OriginVersion">The HTTP version that the origin chose.</param>
internal sealed record InterceptedSession(
    string Session,
    IPEndPoint Client,
    UserName? User,
    Destination Destination,
    bool IsTls,
    HttpMessageInvoker Origin,
    Version OriginVersion);
