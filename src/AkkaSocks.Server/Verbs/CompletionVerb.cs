using System.CommandLine;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks completion bash|zsh|fish</c>: a script that has the shell complete verbs and options. It is made of the verbs
/// themselves when it is asked for, so it knows what they know.</summary>
internal sealed class CompletionVerb : Command
{
    private static readonly Dictionary<string, Func<IReadOnlyList<CompletionEntry>, string>> Shells = new(StringComparer.Ordinal)
    {
        ["bash"] = CompletionScript.ForBash, ["zsh"] = CompletionScript.ForZsh, ["fish"] = CompletionScript.ForFish,
    };

    /// <summary>The verb.</summary>
    /// <param name="root">All verbs.</param>
    public CompletionVerb(RootCommand root)
        : base("completion", "Prints a script for the shell's completion; for bash: source <(akkasocks completion bash)")
    {
        var shell = new Argument<string>("shell") { Description = string.Join(", ", Shells.Keys) + "." };
        shell.CompletionSources.Add([.. Shells.Keys]);
        shell.Validators.Add(result =>
        {
            if (!Shells.ContainsKey(result.GetValueOrDefault<string>() ?? ""))
                result.AddError($"completion expects one of {string.Join(", ", Shells.Keys)}");
        });
        Add(shell);
        SetAction(parsed =>
        {
            Console.Out.Write(Shells[parsed.GetValue(shell)!](CompletionEntry.Of(root)));
            return ExitCode.Done;
        });
    }
}
