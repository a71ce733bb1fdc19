using System.CommandLine;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks user list</c>.</summary>
internal sealed class UserListVerb() : AdminVerb("list", "Lists all users, with the sessions they have in the whole cluster.")
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var users = await admin.UsersAsync();
        Print(parsed, new UserPage(users, null, users.Length), AdminJson.Default.UserPage, page => UserText.Table(page.Items));
        return ExitCode.Done;
    }
}
