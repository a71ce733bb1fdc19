using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>An actor as the API shows it.</summary>
/// <param name="Path">Where in the tree.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">Of a session, its phase.</param>
/// <param name="Mailbox">Messages that wait for it.</param>
/// <param name="AgeSeconds">Since its start; null where that is not known.</param>
/// <param name="Children">How many it has.</param>
/// <param name="Items">Those of them that are shown: the ones with the most messages waiting, then the oldest.</param>
internal sealed record ActorDocument(
    string Path,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? State,
    int Mailbox,
    double? AgeSeconds,
    int Children,
    ImmutableArray<ActorDocument> Items)
{
    /// <summary>The document of a node of the tree.</summary>
    public static ActorDocument Of(ActorTree.Node node) => new(
        node.Path, node.Type, node.State, node.Mailbox, node.Age?.TotalSeconds, node.Children, [.. node.Shown.Select(Of)]);
}

/// <summary>All actors of one type as the API shows them.</summary>
/// <param name="Type">The type, as in metrics.</param>
/// <param name="Live">Those that live.</param>
/// <param name="Started">Those that were started.</param>
/// <param name="Failures">Exceptions they let out.</param>
/// <param name="Restarts">Those that were started anew.</param>
/// <param name="Messages">Messages they took.</param>
/// <param name="Waiting">Messages that wait for them.</param>
/// <param name="Peak">Messages that waited for one of them at most, of late.</param>
/// <param name="PerSecond">Messages they took per second in the last seconds; null while that is not known.</param>
/// <param name="HandlingMicroseconds">How long they take for a message, on average; null when none of them was timed.</param>
/// <param name="WaitingMicroseconds">How long a message waits for them, on average; null when none was timed.</param>
internal sealed record ActorTypeDocument(
    string Type,
    long Live,
    long Started,
    long Failures,
    long Restarts,
    long Messages,
    long Waiting,
    long Peak,
    double? PerSecond,
    double? HandlingMicroseconds,
    double? WaitingMicroseconds)
{
    /// <summary>The document of a summary.</summary>
    public static ActorTypeDocument Of(ActorTypeSummary type) => new(
        type.Name,
        type.Live,
        type.Started,
        type.Failed,
        type.Restarted,
        type.Messages,
        type.Waiting,
        type.Peak,
        Rounded(type.PerSecond),
        Rounded(type.MeanHandling?.TotalMicroseconds),
        Rounded(type.MeanWaiting?.TotalMicroseconds));

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 1) : null;
}

/// <summary>What messages of one type cost actors of one type, as the API shows it. One message in 64 is timed. Times are those of the
/// last 10 s and more, or since the start where none was timed in these; they come from buckets of a power of ten each.</summary>
/// <param name="Actor">The type of the actors, as in metrics.</param>
/// <param name="Message">The type of the messages, as in metrics.</param>
/// <param name="Handled">How many there were since the start: each that was timed stands for 64.</param>
/// <param name="PerSecond">How many per second of late, counted so; null while that is not known.</param>
/// <param name="Busy">The share of one core that handling them takes of late, counted so; null while that is not known.</param>
/// <param name="WaitingMedianMicroseconds">How long half of them wait at most; null when none was timed.</param>
/// <param name="WaitingP99Microseconds">How long 99 of 100 wait at most; null when none was timed.</param>
/// <param name="HandlingMedianMicroseconds">How long half of them take at most; null when none was timed.</param>
/// <param name="HandlingP99Microseconds">How long 99 of 100 take at most; null when none was timed.</param>
/// <param name="Timed">How many the times are taken from: of few they say little.</param>
/// <param name="Failures">Exceptions that they caused since the start; each is counted.</param>
internal sealed record MessageProfileDocument(
    string Actor,
    string Message,
    long Handled,
    double? PerSecond,
    double? Busy,
    double? WaitingMedianMicroseconds,
    double? WaitingP99Microseconds,
    double? HandlingMedianMicroseconds,
    double? HandlingP99Microseconds,
    long Timed,
    long Failures)
{
    /// <summary>The document of a profile.</summary>
    public static MessageProfileDocument Of(MessageProfile profile) => new(
        profile.Actor,
        profile.Message,
        profile.Handled,
        Rounded(profile.PerSecond, 1),
        Rounded(profile.Busy, 5),
        Rounded(profile.Waiting.Median * 1e6, 1),
        Rounded(profile.Waiting.P99 * 1e6, 1),
        Rounded(profile.Handling.Median * 1e6, 1),
        Rounded(profile.Handling.P99 * 1e6, 1),
        profile.Timed,
        profile.Failed);

    private static double? Rounded(double? value, int digits) => value is { } number ? Math.Round(number, digits) : null;
}

/// <summary>The actors of a node.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Types">By type; empty where <c>metrics.actors</c> is off.</param>
/// <param name="Messages">By type and message, those first that take most time; empty where <c>metrics.actors</c> is off.</param>
/// <param name="Items">The tree, from its roots.</param>
/// <param name="IsCut">There are more than are shown.</param>
internal sealed record ActorTreeDocument(
    string Node,
    ImmutableArray<ActorTypeDocument> Types,
    ImmutableArray<MessageProfileDocument> Messages,
    ImmutableArray<ActorDocument> Items,
    bool IsCut);
