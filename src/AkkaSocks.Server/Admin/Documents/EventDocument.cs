using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Proxy.Feed;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>An event of <c>/v1/events</c>; what does not belong to its kind is null.</summary>
/// <param name="Time">When.</param>
/// <param name="Node">Where, or about which node it is.</param>
/// <param name="Session">Which session.</param>
/// <param name="Listener">The session's.</param>
/// <param name="Protocol">The session's.</param>
/// <param name="User">Who: of a session the name that was claimed.</param>
/// <param name="Client">Where the client connects from; of a ban its address or network.</param>
/// <param name="Destination">Where to, as the client said it. Escaped.</param>
/// <param name="End">Why the session is over.</param>
/// <param name="Reason">Why it was refused or killed; of a node its new state; of a ban its cause.</param>
/// <param name="ClientToDestination">Bytes of the session that has ended.</param>
/// <param name="DestinationToClient">Bytes of the session that has ended.</param>
/// <param name="DurationSeconds">Of the session that has ended.</param>
internal sealed record EventDocument(
    DateTimeOffset Time,
    string Node,
    string? Session,
    string? Listener,
    string? Protocol,
    string? User,
    string? Client,
    string? Destination,
    string? End,
    string? Reason,
    long? ClientToDestination,
    long? DestinationToClient,
    double? DurationSeconds)
{
    /// <summary>The document of an event.</summary>
    public static EventDocument Of(string node, FeedEvent happened)
    {
        var hasEnded = happened.End is not null;
        return new EventDocument(
            DateTimeOffset.FromUnixTimeMilliseconds(happened.At),
            node,
            happened.Session?.ToString(),
            happened.Listener,
            happened.Protocol,
            happened.User is { } user ? Encoding.UTF8.GetString(user.Bytes) : null,
            happened.Client?.ToString() ?? happened.Network,
            happened.Destination,
            happened.End,
            happened.Reason,
            hasEnded ? happened.Up : null,
            hasEnded ? happened.Down : null,
            hasEnded ? Math.Round(happened.Duration.TotalSeconds, 3) : null);
    }
}

/// <summary>Events that are missing before this one: the reader was too slow, or too much happened.</summary>
/// <param name="Count">How many.</param>
/// <param name="Node">Where they happened; null when it was the reader who was too slow.</param>
internal sealed record LostDocument(long Count, string? Node);

/// <summary>Figures of a node, told every second.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="IsDraining">It takes no new sessions.</param>
/// <param name="Sessions">Sessions it has.</param>
/// <param name="Figures">What it does.</param>
internal sealed record NodeFiguresDocument(string Name, bool IsDraining, int Sessions, FiguresDocument? Figures);

/// <summary>Nodes of which nothing is told, since they do not answer.</summary>
/// <param name="Silent">Their names.</param>
internal sealed record SilentDocument(ImmutableArray<string> Silent);
