using System.CommandLine;
using System.Globalization;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks kill ID</c>, or <c>--user NAME</c>, or <c>--address ADDRESS</c>.</summary>
internal sealed class KillVerb : AdminVerb
{
    private readonly Argument<string> _id = new("id")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = "The session's id, as `akkasocks sessions` lists it.",
    };

    private readonly Option<string> _user = new("--user") { HelpName = "NAME", Description = "All sessions of a user." };
    private readonly Option<string> _address = new("--address")
    {
        HelpName = "ADDRESS", Description = "All sessions from a client address.",
    };

    /// <summary>The verb with its options.</summary>
    public KillVerb()
        : base("kill", "Ends a session, or all of a user or an address, on whichever nodes they are.")
    {
        Add(_id);
        Add(_user);
        Add(_address);
        Validators.Add(result =>
        {
            string?[] given = [result.GetValue(_id), result.GetValue(_user), result.GetValue(_address)];
            if (given.Count(it => it is not null) != 1)
                result.AddError("kill expects a session's id, --user or --address");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        if (parsed.GetValue(_id) is { } id)
        {
            await admin.EndSessionAsync(id);
            Say(parsed, $"session {id} ended");
            return ExitCode.Done;
        }

        var ended = parsed.GetValue(_user) is { } user
            ? await admin.EndSessionsAsync("user", user)
            : await admin.EndSessionsAsync("address", parsed.GetValue(_address)!);
        Print(parsed, ended, AdminJson.Default.EndedDocument, it =>
            string.Create(CultureInfo.InvariantCulture, $"{it.Ended} {(it.Ended == 1 ? "session" : "sessions")} ended\n"));
        return ExitCode.Done;
    }
}
