using System.CommandLine;
using System.Globalization;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks actors</c>: what lives in a node, and what waits for it.</summary>
internal sealed class ActorsVerb : AdminVerb
{
    private readonly Option<int?> _depth = new("--depth") { HelpName = "LEVELS", Description = "Levels of the tree; 3 unless given." };
    private readonly Option<int?> _top = new("--top")
    {
        HelpName = "COUNT", Description = "Children of each actor at most, those with the most messages waiting first; 20 unless given.",
    };

    private readonly Option<string> _node = new("--node")
    {
        HelpName = "NODE", Description = "A node's name, as `akkasocks nodes` lists it; the one that is asked unless given.",
    };

    private readonly Option<bool> _messages = new("--messages")
    {
        Description = "What each type of messages costs each type of actors, instead of the tree.",
    };

    /// <summary>The verb with its options.</summary>
    public ActorsVerb()
        : base("actors", "Shows the actors of a node by type, and as a tree or by message.")
    {
        Add(_node);
        Add(_depth);
        Add(_top);
        Add(_messages);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var actors = await admin.ActorsAsync(parsed.GetValue(_node), parsed.GetValue(_depth), parsed.GetValue(_top));
        Print(parsed, actors, AdminJson.Default.ActorTreeDocument, parsed.GetValue(_messages) ? Messages : Text);
        return ExitCode.Done;
    }

    private static string Messages(ActorTreeDocument actors) => Types(actors) + (actors.Messages.IsEmpty ? "" : "\n" + TextTable.Of(
    [
        ["TYPE", "MESSAGE", "ABOUT", "PER S", "BUSY", "HANDLING P50", "P99", "WAITING P50", "P99", "TIMED", "FAILURES"],
        .. actors.Messages.Select(it => new[]
        {
            it.Actor, it.Message, Number(it.Handled), Rate(it.PerSecond), Share(it.Busy), Micros(it.HandlingMedianMicroseconds),
            Micros(it.HandlingP99Microseconds), Micros(it.WaitingMedianMicroseconds), Micros(it.WaitingP99Microseconds), Number(it.Timed),
            Number(it.Failures),
        }),
    ]));

    private static string Text(ActorTreeDocument actors) => Types(actors) + "\n" + TextTable.Of(
    [
        ["ACTOR", "TYPE", "STATE", "WAITING", "AGE", "CHILDREN"],
        .. actors.Items.SelectMany(root => Rows(root, 0)),
    ]) + (actors.IsCut ? "There are more; see --depth and --top.\n" : "");

    private static string Types(ActorTreeDocument actors) => actors.Types.IsEmpty ? "Not measured: metrics.actors is off there.\n" : TextTable.Of(
    [
        ["TYPE", "LIVE", "STARTED", "MESSAGES", "PER S", "HANDLING", "WAITING", "DEPTH", "PEAK", "FAILURES", "RESTARTS"],
        .. actors.Types.Select(type => new[]
        {
            type.Type, Number(type.Live), Number(type.Started), Number(type.Messages), Rate(type.PerSecond), Micros(type.HandlingMicroseconds),
            Micros(type.WaitingMicroseconds), Number(type.Waiting), Number(type.Peak), Number(type.Failures), Number(type.Restarts),
        }),
    ]);

    private static IEnumerable<string[]> Rows(ActorDocument actor, int level)
    {
        var name = level == 0 ? actor.Path : actor.Path[(actor.Path.LastIndexOf('/') + 1)..];
        yield return
        [
            new string(' ', level * 2) + name, actor.Type, actor.State ?? "-", Number(actor.Mailbox),
            actor.AgeSeconds is { } age ? AgeText.Of(age) : "-", Number(actor.Children),
        ];
        foreach (var row in actor.Items.SelectMany(child => Rows(child, level + 1)))
            yield return row;
    }

    private static string Rate(double? rate) => rate?.ToString(rate >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) ?? "-";

    private static string Share(double? share) =>
        share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0.0} %") : "-";

    private static string Micros(double? time) => time switch
    {
        null => "-",
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{time:0.0} us"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time / 1000:0.0} ms"),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
