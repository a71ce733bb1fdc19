using System.CommandLine;
using System.Globalization;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks drain [NODE] [--wait]</c>.</summary>
internal sealed class DrainVerb : AdminVerb
{
    private const int BarLength = 30;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> _node = new("node")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The node's name, as `akkasocks nodes` lists it; the one that is asked unless given.",
    };

    private readonly Option<bool> _wait = new("--wait") { Description = "Shows how many sessions are left, and ends when the node has left." };

    /// <summary>The verb.</summary>
    public DrainVerb()
        : base("drain", "Lets a node take no new sessions, wait for those it has, and leave the cluster.")
    {
        Add(_node);
        Add(_wait);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var draining = await admin.DrainAsync(parsed.GetValue(_node));
        Print(parsed, draining, AdminJson.Default.DrainDocument, drain => $"node {drain.Node} drains\n");
        if (parsed.GetValue(_wait))
            await WatchAsync(parsed, admin, draining.Node);
        return ExitCode.Done;
    }

    private async Task WatchAsync(ParseResult parsed, AdminClient admin, string name)
    {
        var (most, said) = (0, "");
        using var look = new PeriodicTimer(LookEvery);
        while (await LeftAsync(admin, name) is { } node)
        {
            most = Math.Max(most, node.Sessions);
            var line = LineOf(node, most);
            if (line != said)
                Tell(parsed, said = line);
            await look.WaitForNextTickAsync();
        }

        Tell(parsed, "");
        Say(parsed, $"node {name} has left");
    }

    /// <summary>Null when it has left: it is no member any more, or was the one asked and answers no more.</summary>
    private static async Task<NodeDocument?> LeftAsync(AdminClient admin, string name)
    {
        try
        {
            return (await admin.NodesAsync()).Items.FirstOrDefault(node => node.Name == name && node.IsDraining);
        }
        catch (AdminFailedException)
        {
            return null;
        }
    }

    private static string LineOf(NodeDocument node, int most)
    {
        var done = most == 0 ? BarLength : BarLength * (most - node.Sessions) / most;
        var left = node.Figures?.DrainLeftSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", {seconds:0} s at most") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"[{new string('#', done)}{new string('.', BarLength - done)}] {node.Sessions} sessions are left{left}");
    }

    // On a terminal in place, elsewhere a line each time.
    private void Tell(ParseResult parsed, string line)
    {
        if (Console.IsOutputRedirected)
        {
            if (line.Length > 0)
                Say(parsed, line);
        }
        else if (!IsJson(parsed))
        {
            Console.Out.Write($"\r{line}\x1b[K");
        }
    }
}
