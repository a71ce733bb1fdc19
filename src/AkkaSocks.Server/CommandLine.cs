using System.CommandLine;
using AkkaSocks.Server.Verbs;

namespace AkkaSocks.Server;

/// <summary>The command line: which verbs there are, and what happens when it is wrong. Without a verb it runs the proxy.</summary>
internal static class CommandLine
{
    private const string DefaultVerb = "run";
    private static readonly string[] AboutItself = ["--help", "-h", "-?", "--version"];

    /// <summary>Does what the arguments ask for, and gives the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = Verbs();

        // Arguments are taken as they are: a password may begin with @, which would otherwise name a file of arguments.
        var parsed = root.Parse(WithVerb(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count == 0)
        {
            // Signals are the host's: it stops the node in order.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        }

        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync($"akkasocks: {error.Message}");
        await Console.Error.WriteLineAsync("akkasocks --help tells what it understands.");
        return ExitCode.WrongUsage;
    }

    private static RootCommand Verbs()
    {
        var run = new RunVerb();
        var root = new RootCommand("AkkaSocks, a SOCKS5 proxy. Without a command it runs: `akkasocks -p 1080` is `akkasocks run -p 1080`.")
        {
            run, new CheckVerb(), new HashPasswordVerb(),
            new TopVerb(), new NodesVerb(), new SessionsVerb(), new KillVerb(), new UserVerb(), new BansVerb(),
            new RefusalsVerb(), new ExplainVerb(), new ActorsVerb(), new DrainVerb(), new ReloadVerb(), new LogLevelVerb(),
            new HealthcheckVerb(), new LogVerb(), new TailVerb(), new HarVerb(), new CaVerb(),
        };
        root.Add(new CompletionVerb(root));

        // With it, an unknown verb is told as that alone, not as a missing verb too.
        root.Action = run.Action;
        return root;
    }

    private static string[] WithVerb(string[] args) =>
        args is [] || args[0].StartsWith('-') && !AboutItself.Contains(args[0]) ? [DefaultVerb, .. args] : args;
}
