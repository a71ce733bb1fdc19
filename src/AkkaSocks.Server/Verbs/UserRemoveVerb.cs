using System.CommandLine;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Client;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks user remove NAME</c>.</summary>
internal sealed class UserRemoveVerb : AdminVerb
{
    private readonly Argument<string> _name = new("name") { Description = "The user's name." };

    /// <summary>The verb.</summary>
    public UserRemoveVerb()
        : base("remove", "Removes a user, whose sessions end on all nodes.") => Add(_name);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var name = parsed.GetValue(_name)!;
        await admin.RemoveUserAsync(name);
        Say(parsed, $"user {EscapedText.Of(name)} removed");
        return ExitCode.Done;
    }
}
