using System.CommandLine;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks drain [NODE]</c>.</summary>
internal sealed class DrainVerb : AdminVerb
{
    private readonly Argument<string> _node = new("node")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The node's name, as `akkasocks nodes` lists it; the one that is asked unless given.",
    };

    /// <summary>The verb.</summary>
    public DrainVerb()
        : base("drain", "Lets a node take no new sessions, wait for those it has, and leave the cluster.") => Add(_node);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var draining = await admin.DrainAsync(parsed.GetValue(_node));
        Print(parsed, draining, AdminJson.Default.DrainDocument, drain => $"node {drain.Node} drains\n");
        return ExitCode.Done;
    }
}
