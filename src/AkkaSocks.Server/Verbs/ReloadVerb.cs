using System.CommandLine;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks reload</c>.</summary>
internal sealed class ReloadVerb() : AdminVerb("reload", "Has a node read its configuration again; running sessions are left alone.")
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        Print(parsed, await admin.ReloadAsync(), AdminJson.Default.ReloadDocument, reload =>
            $"configuration {reload.Config.Epoch} ({reload.Config.Hash})\n"
            + (reload.Applied.IsEmpty ? "nothing new to apply\n" : $"applied: {string.Join(", ", reload.Applied)}\n")
            + (reload.NeedRestart.IsEmpty ? "" : $"needs a restart: {string.Join(", ", reload.NeedRestart)}\n"));
        return ExitCode.Done;
    }
}
