using System.CommandLine;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks user show NAME</c>.</summary>
internal sealed class UserShowVerb : AdminVerb
{
    private readonly Argument<string> _name = new("name") { Description = "The user's name." };

    /// <summary>The verb.</summary>
    public UserShowVerb()
        : base("show", "Shows a user.") => Add(_name);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        Print(parsed, await admin.UserAsync(parsed.GetValue(_name)!), AdminJson.Default.UserDocument, UserText.Of);
        return ExitCode.Done;
    }
}
