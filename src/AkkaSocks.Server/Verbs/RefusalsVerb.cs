using System.CommandLine;
using System.Globalization;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks refusals</c>: who was told no lately, in the whole cluster, and why.</summary>
internal sealed class RefusalsVerb : AdminVerb
{
    private readonly Option<string> _user = new("--user") { HelpName = "NAME", Description = "Those that claimed this name." };
    private readonly Option<string> _reason = new("--reason")
    {
        HelpName = "REASON", Description = "Those refused for this, such as bad-credentials.",
    };

    private readonly Option<string> _limit = new("--limit") { HelpName = "N", Description = "How many at most; 20 unless given." };

    /// <summary>The verb with its options.</summary>
    public RefusalsVerb()
        : base("refusals", "Lists the clients that were refused lately, the latest first, and why.")
    {
        Add(_user);
        Add(_reason);
        Add(_limit);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var list = await admin.RefusalsAsync(
            [("user", parsed.GetValue(_user)), ("reason", parsed.GetValue(_reason)), ("limit", parsed.GetValue(_limit))]);
        Print(parsed, list, AdminJson.Default.RefusalList, Text);
        return ExitCode.Done;
    }

    private static string Text(RefusalList list) => (list.Items.IsEmpty ? "Nobody was refused lately.\n" : TextTable.Of(
    [
        ["TIME", "SESSION", "NODE", "CLIENT", "USER", "DESTINATION", "REASON"],
        .. list.Items.Select(it => new[]
        {
            it.Time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), it.Id, it.Node, it.Client,
            it.User is { } user ? EscapedText.Of(user) : "-", it.Destination is { } destination ? EscapedText.Of(destination) : "-", it.Reason,
        }),
    ]) + "`akkasocks explain --session ID` says what decided.\n")
        + (list.Silent.IsEmpty ? "" : $"Without {string.Join(", ", list.Silent)}, which did not answer.\n");
}
