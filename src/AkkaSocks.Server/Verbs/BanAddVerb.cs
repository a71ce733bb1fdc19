using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks bans add --address ADDRESS</c>, <c>--user NAME</c>, or both.</summary>
internal sealed class BanAddVerb : AdminVerb
{
    private readonly Option<string> _user = new("--user") { HelpName = "NAME", Description = "The user to ban." };
    private readonly Option<string> _address = new("--address")
    {
        HelpName = "ADDRESS", Description = "The address to ban, of IPv6 its /64; with --user, the user there and nobody else.",
    };

    private readonly Option<string> _duration = new("--for")
    {
        HelpName = "TIME", Description = "How long, such as 30m, 12h or 7d; auth.bans.duration unless given.",
    };

    private readonly Option<string> _reason = new("--reason") { HelpName = "TEXT", Description = "Why, for those who list bans." };

    /// <summary>The verb with its options.</summary>
    public BanAddVerb()
        : base("add", "Bans an address, a user, or a user at an address, and ends the sessions it has.")
    {
        Add(_user);
        Add(_address);
        Add(_duration);
        Add(_reason);
        Validators.Add(result =>
        {
            if (result.GetValue(_user) is null && result.GetValue(_address) is null)
                result.AddError("bans add expects --address, --user or both");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var fields = new JsonObject();
        foreach (var (name, option) in new[] { ("user", _user), ("address", _address), ("duration", _duration), ("reason", _reason) })
        {
            if (parsed.GetValue(option) is { } value)
                fields[name] = value;
        }

        Print(parsed, await admin.BanAsync(fields), AdminJson.Default.BanDocument, ban => BanListVerb.Table([ban]));
        return ExitCode.Done;
    }
}
