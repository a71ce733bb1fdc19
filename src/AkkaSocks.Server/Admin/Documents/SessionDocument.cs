using System.Collections.Immutable;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A session as the API shows it.</summary>
/// <param name="Id">Unique in the cluster.</param>
/// <param name="Node">The node that has it.</param>
/// <param name="User">Who; null without authentication.</param>
/// <param name="Client">Where the client connects from.</param>
/// <param name="Destination">Where to, as the client said it; null before its request. Escaped, as in the session log.</param>
/// <param name="ClientToDestination">Bytes.</param>
/// <param name="DestinationToClient">Bytes.</param>
/// <param name="AgeSeconds">Since it was accepted.</param>
internal sealed record SessionDocument(
    string Id,
    string Node,
    string? User,
    string Client,
    string? Destination,
    long ClientToDestination,
    long DestinationToClient,
    double AgeSeconds);

/// <summary>Some sessions, in the order of their ids.</summary>
/// <param name="Items">They.</param>
/// <param name="Next">What <c>after</c> must be for the next page; null when this is the last.</param>
internal sealed record SessionPage(ImmutableArray<SessionDocument> Items, string? Next);

/// <summary>What became of an order to end sessions.</summary>
/// <param name="Ended">How many there were.</param>
internal sealed record EndedDocument(int Ended);
