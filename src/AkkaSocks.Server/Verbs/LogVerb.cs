using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks log</c>: the last lines of process logs and, with <c>--follow</c>, those that come.</summary>
internal sealed class LogVerb : AdminVerb
{
    private readonly Option<string> _node = new("--node") { HelpName = "NODE", Description = "Those of one node; of all unless given." };
    private readonly Option<string> _level = new("--level")
    {
        HelpName = "LEVEL", Description = "Those that are at least so grave: debug, info, warning, error. A node writes none below its log-level.",
    };

    private readonly Option<int?> _lines = new("--lines", "-n") { HelpName = "COUNT", Description = "The last so many lines; 100 unless given." };
    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Goes on with lines as they are written, until it is interrupted or the node that is asked stops.",
    };

    /// <summary>The verb with its options.</summary>
    public LogVerb()
        : base("log", "Shows what the nodes write into their logs.")
    {
        Add(_node);
        Add(_level);
        Add(_lines);
        Add(_follow);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        (string Name, string? Value)[] filter = [("node", parsed.GetValue(_node)), ("level", parsed.GetValue(_level))];
        var count = parsed.GetValue(_lines);
        if (parsed.GetValue(_follow))
        {
            await foreach (var line in admin.FollowLogAsync(filter, count))
                await Console.Out.WriteLineAsync(IsJson(parsed) ? line : LineOf(line));
            return ExitCode.Done;
        }

        var page = await admin.LogAsync(filter, count);
        Print(parsed, page, AdminJson.Default.LogPageDocument, it => string.Concat(it.Items.Select(line => LineOf(line) + "\n")));
        if (!page.Silent.IsEmpty)
            await Console.Error.WriteLineAsync($"akkasocks: without {string.Join(", ", page.Silent)}, which did not answer");
        return ExitCode.Done;
    }

    /// <summary>One line, or that some are missing, as a terminal shows it.</summary>
    internal static string LineOf(string json) =>
        JsonSerializer.Deserialize(json, AdminJson.Default.LogLineDocument) is { Text: not null } line ? LineOf(line) : StreamGaps.TextOf(json);

    private static string LineOf(LogLineDocument line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss.fff} {line.Node} {line.Level} {TerminalText.Of(line.Source)} {TerminalText.Of(line.Text)}");
}
