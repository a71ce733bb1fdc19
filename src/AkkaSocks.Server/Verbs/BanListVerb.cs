using System.CommandLine;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks bans list</c>, which is also what <c>akkasocks bans</c> does.</summary>
internal class BanListVerb : AdminVerb
{
    private readonly Option<string> _user = new("--user") { HelpName = "NAME", Description = "Those of one user." };
    private readonly Option<string> _address = new("--address")
    {
        HelpName = "ADDRESS", Description = "Those of one client address.",
    };

    /// <summary>The verb with its options.</summary>
    public BanListVerb(string name, string description)
        : base(name, description)
    {
        Add(_user);
        Add(_address);
    }

    /// <summary>A line for each ban.</summary>
    public static string Table(IEnumerable<BanDocument> bans) => TextTable.Of(
    [
        ["ID", "USER", "ADDRESS", "CAUSE", "LEFT", "REASON"],
        .. bans.Select(ban => new[]
        {
            ban.Id, ban.User is { } user ? EscapedText.Of(user) : "-", ban.Address ?? "-", ban.Cause, AgeText.Of(ban.ExpiresInSeconds),
            string.Join(' ', (ban.Reason ?? "").Split(' ').Select(EscapedText.Of)),
        }),
    ]);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var bans = await admin.BansAsync([("user", parsed.GetValue(_user)), ("address", parsed.GetValue(_address))]);
        Print(parsed, new BanPage(bans, null), AdminJson.Default.BanPage, page => Table(page.Items));
        return ExitCode.Done;
    }
}
