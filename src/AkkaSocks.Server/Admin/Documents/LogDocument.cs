using System.Collections.Immutable;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Logs;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A line of a process log as the API shows it.</summary>
/// <param name="Time">When it was written, by the clock of its node.</param>
/// <param name="Node">The node that wrote it.</param>
/// <param name="Number">Its place among all that the node has written since its start.</param>
/// <param name="Level">debug, info, warning or error.</param>
/// <param name="Source">Who says it.</param>
/// <param name="Text">What; of several lines where it reports an exception.</param>
internal sealed record LogLineDocument(DateTimeOffset Time, string Node, long Number, string Level, string Source, string Text)
{
    /// <summary>The document of a line.</summary>
    public static LogLineDocument Of(string node, LogLine line) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(line.At), node, line.Number, LogQuery.NameOf(line.Level), line.Source, line.Text);
}

/// <summary>The last lines of process logs.</summary>
/// <param name="Items">They, the oldest first.</param>
/// <param name="Silent">Nodes whose lines are missing, since they did not answer.</param>
internal sealed record LogPageDocument(ImmutableArray<LogLineDocument> Items, ImmutableArray<string> Silent);
