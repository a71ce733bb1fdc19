using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

/// <summary>Verbs as their users run them: processes that ask a node.</summary>
internal static class AdminVerbs
{
    /// <summary>Runs a verb against a node, with its token in the environment.</summary>
    public static Task<AkkaSocksProcess.Outcome> RunAsync(AdminNode node, string input, params string[] arguments) =>
        AkkaSocksProcess.RunAsync([.. arguments, "--admin", node.Url], input, ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token));
}
