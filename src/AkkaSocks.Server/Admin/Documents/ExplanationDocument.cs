using System.Collections.Immutable;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>What becomes of a request, and why.</summary>
/// <param name="Allowed">It would be carried out. Whether the destination then answers is not known.</param>
/// <param name="Reason">What refuses it, a label as in logs and metrics; null when nothing does.</param>
/// <param name="Words">The decision in a sentence.</param>
/// <param name="Mend">What helps against a refusal; null where nothing does.</param>
/// <param name="Place">The key of the configuration that decides; null where none does.</param>
/// <param name="ClientSees">How the client is told of a refusal.</param>
/// <param name="Node">The node that has explained it.</param>
/// <param name="User">Who would ask; null without authentication.</param>
/// <param name="From">Where from; null when that is not known.</param>
/// <param name="Command">What would be asked for; null when a session did not get so far.</param>
/// <param name="Destination">Where to; null when a session did not get so far.</param>
/// <param name="Steps">The stages it goes through, up to the one that refuses it.</param>
/// <param name="Session">The refused session that was asked about; null for any other question.</param>
internal sealed record ExplanationDocument(
    bool Allowed,
    string? Reason,
    string Words,
    string? Mend,
    PlaceDocument? Place,
    string? ClientSees,
    string Node,
    string? User,
    string? From,
    string? Command,
    string? Destination,
    ImmutableArray<StepDocument> Steps,
    RefusalDocument? Session);

/// <summary>A stage of an explanation.</summary>
/// <param name="Stage">Which: connection, bans, login, node, sessions, command, destination or interception.</param>
/// <param name="Passed">It goes on.</param>
/// <param name="Words">What was found.</param>
/// <param name="Place">The key of the configuration that decides; null where none does.</param>
internal sealed record StepDocument(string Stage, bool Passed, string Words, PlaceDocument? Place);

/// <summary>Where a key of the configuration has its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value, shortened; null where it is a section.</param>
/// <param name="Source">A file, <c>environment NAME</c> or <c>option -x</c>; reference.conf holds what nobody has set.</param>
/// <param name="Line">The line in a file.</param>
internal sealed record PlaceDocument(string Key, string? Value, string Source, int? Line);
