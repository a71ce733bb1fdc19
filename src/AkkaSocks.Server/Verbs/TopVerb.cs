using System.CommandLine;
using AkkaSocks.Server.Admin.Client;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks top</c>: the cluster live, until q or Ctrl-C.</summary>
internal sealed class TopVerb : AdminVerb
{
    private const string Enter = "\e[?1049h\e[?25l", Leave = "\e[?25h\e[?1049l", Home = "\e[H", ToEndOfLine = "\e[K", ToEndOfScreen = "\e[J";
    private const int MostSessions = 200, FewestSessions = 5;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookForKeysEvery = TimeSpan.FromMilliseconds(100);

    private readonly Option<bool> _once = new("--once") { Description = "Prints one frame and ends; so does a standard output that is no terminal." };

    private readonly Option<string> _sort = new("--sort")
    {
        HelpName = "KEY", Description = "Which sessions come first: bytes, age, clientToDestination or destinationToClient; bytes unless given.",
    };

    /// <summary>The verb with its options.</summary>
    public TopVerb()
        : base("top", "Shows nodes, their load and the largest sessions, live; q ends it.")
    {
        Add(_once);
        Add(_sort);
        _sort.CompletionSources.Add("bytes", "age", "clientToDestination", "destinationToClient");
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var sort = $"-{parsed.GetValue(_sort) ?? "bytes"}";
        if (parsed.GetValue(_once) || Console.IsOutputRedirected || IsJson(parsed))
        {
            var frame = await ReadAsync(admin, sort);
            Print(parsed, frame.Nodes, Admin.Documents.AdminJson.Default.NodeList, _ => frame.Text(TimeProvider.System.GetLocalNow()));
            return ExitCode.Done;
        }

        using var ended = new CancellationTokenSource();
        Console.CancelKeyPress += (_, interrupted) =>
        {
            interrupted.Cancel = true;
            ended.Cancel();
        };
        Console.Out.Write(Enter);
        try
        {
            while (!ended.IsCancellationRequested)
            {
                Console.Out.Write(Screen((await ReadAsync(admin, sort)).Text(TimeProvider.System.GetLocalNow())));
                await WaitAsync(ended);
            }
        }
        finally
        {
            Console.Out.Write(Leave);
        }

        return ExitCode.Done;
    }

    private static async Task<TopFrame> ReadAsync(AdminClient admin, string sort)
    {
        var nodes = admin.NodesAsync();
        var sessions = admin.FirstSessionsAsync(sort, Math.Clamp(Terminal.Height, FewestSessions, MostSessions));
        return new TopFrame(await nodes, await sessions);
    }

    // Written over the frame before, so that nothing flickers; what does not fit is left out.
    private static string Screen(string frame)
    {
        var lines = frame.TrimEnd('\n').Split('\n');
        return Home + string.Join($"{ToEndOfLine}\r\n", lines.Take(Terminal.Height)) + ToEndOfLine + ToEndOfScreen;
    }

    private static async Task WaitAsync(CancellationTokenSource ended)
    {
        for (var waited = TimeSpan.Zero; waited < Every && !ended.IsCancellationRequested; waited += LookForKeysEvery)
        {
            while (!Console.IsInputRedirected && Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).KeyChar is 'q' or 'Q')
                    await ended.CancelAsync();
            }

            await Task.Delay(LookForKeysEvery);
        }
    }
}
