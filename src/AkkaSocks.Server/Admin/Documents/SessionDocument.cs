using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A session as the API shows it.</summary>
/// <param name="Id">Unique in the cluster.</param>
/// <param name="Node">The node that has it.</param>
/// <param name="Listener">The listener it came through.</param>
/// <param name="Protocol">What the client speaks; null before its first byte.</param>
/// <param name="Stage">How far it has come: handshake, connecting or relaying.</param>
/// <param name="User">Who; null without authentication.</param>
/// <param name="Client">Where the client connects from.</param>
/// <param name="Destination">Where to, as the client said it; null before its request. Escaped, as in the session log.</param>
/// <param name="Address">The address that is used; null before there is a tunnel.</param>
/// <param name="ClientToDestination">Bytes.</param>
/// <param name="DestinationToClient">Bytes.</param>
/// <param name="AgeSeconds">Since it was accepted.</param>
internal sealed record SessionDocument(
    string Id,
    string Node,
    string Listener,
    string? Protocol,
    string Stage,
    string? User,
    string Client,
    string? Destination,
    string? Address,
    long ClientToDestination,
    long DestinationToClient,
    double AgeSeconds)
{
    /// <summary>The document of a session.</summary>
    public static SessionDocument Of(SessionView session) => new(
        session.Id.ToString(),
        session.Node,
        session.Listener,
        session.Protocol,
        KebabCase.Of(session.Stage.ToString()),
        session.User is { } user ? Encoding.UTF8.GetString(user.Bytes) : null,
        session.Client.ToString(),
        session.Destination,
        session.Address?.ToString(),
        session.Up,
        session.Down,
        Math.Round(session.Age.TotalSeconds, 3));
}

/// <summary>Some sessions, in the order that was asked for.</summary>
/// <param name="Items">They.</param>
/// <param name="Next">What <c>after</c> must be for the next page; null when this is the last.</param>
/// <param name="Total">Sessions that pass the filter, on all pages.</param>
/// <param name="Silent">Names of nodes that did not answer, so their sessions are missing.</param>
internal sealed record SessionPage(ImmutableArray<SessionDocument> Items, string? Next, int Total, ImmutableArray<string> Silent);

/// <summary>What became of an order to end sessions.</summary>
/// <param name="Ended">How many there were.</param>
internal sealed record EndedDocument(int Ended);
