using System.CommandLine;
using System.Globalization;
using AkkaSocks.Server.Admin.Client;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks bans remove ID</c>, or all of <c>--user NAME</c>, <c>--address ADDRESS</c>, or both.</summary>
internal sealed class BanRemoveVerb : AdminVerb
{
    private readonly Argument<string> _id = new("id")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = "The ban's id, as `akkasocks bans` lists it.",
    };

    private readonly Option<string> _user = new("--user") { HelpName = "NAME", Description = "All bans of a user." };
    private readonly Option<string> _address = new("--address")
    {
        HelpName = "ADDRESS", Description = "All bans of an address; with --user, of the user there.",
    };

    /// <summary>The verb with its options.</summary>
    public BanRemoveVerb()
        : base("remove", "Lifts a ban, or all of a user or an address.")
    {
        Add(_id);
        Add(_user);
        Add(_address);
        Validators.Add(result =>
        {
            if ((result.GetValue(_id) is null) == (result.GetValue(_user) is null && result.GetValue(_address) is null))
                result.AddError("bans remove expects either a ban's id, or --user, --address or both");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var ids = parsed.GetValue(_id) is { } id
            ? [id]
            : (await admin.BansAsync([("user", parsed.GetValue(_user)), ("address", parsed.GetValue(_address))])).Select(ban => ban.Id);
        var lifted = 0;
        foreach (var ban in ids)
            lifted += await admin.LiftBanAsync(ban) ? 1 : 0;
        if (lifted == 0)
            throw new AdminFailedException("there is no such ban (any more); `akkasocks bans` lists them");
        Say(parsed, string.Create(CultureInfo.InvariantCulture, $"{lifted} {(lifted == 1 ? "ban" : "bans")} lifted"));
        return ExitCode.Done;
    }
}
