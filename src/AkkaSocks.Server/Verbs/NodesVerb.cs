using System.CommandLine;
using System.Globalization;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks nodes</c>.</summary>
internal sealed class NodesVerb() : AdminVerb("nodes", "Lists the nodes of the cluster.")
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        Print(parsed, await admin.NodesAsync(), AdminJson.Default.NodeList, nodes => TextTable.Of(
        [
            ["NAME", "ADDRESS", "STATE", "SESSIONS", "CONFIG", ""],
            .. nodes.Items.Select(node => new[]
            {
                node.Name, node.Address, node.IsDraining ? $"{node.State}, draining" : node.State,
                node.Sessions.ToString(CultureInfo.InvariantCulture),
                node.Figures?.Config is { } config ? $"{config.Epoch} {config.Hash}{(config.NeedsRestart ? ", needs a restart" : "")}" : "",
                node.IsSelf ? "(asked)" : "",
            }),
        ]));
        return ExitCode.Done;
    }
}
