using System.CommandLine;
using System.Globalization;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks sessions</c>: what runs now, in the whole cluster.</summary>
internal sealed class SessionsVerb : AdminVerb
{
    private readonly Option<string> _user = new("--user") { HelpName = "NAME", Description = "Those of one user." };
    private readonly Option<string> _client = new("--client")
    {
        HelpName = "ADDRESS", Description = "Those of one client address.",
    };
    private readonly Option<string> _node = new("--node") { HelpName = "NODE", Description = "Those of one node." };

    /// <summary>The verb with its options.</summary>
    public SessionsVerb()
        : base("sessions", "Lists the sessions of the whole cluster.")
    {
        Add(_user);
        Add(_client);
        Add(_node);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var sessions = await admin.SessionsAsync(
            [("user", parsed.GetValue(_user)), ("client", parsed.GetValue(_client)), ("node", parsed.GetValue(_node))]);
        Print(parsed, new SessionPage(sessions, null, sessions.Length, []), AdminJson.Default.SessionPage, page => Table(page.Items));
        return ExitCode.Done;
    }

    private static string Table(IEnumerable<SessionDocument> sessions) => TextTable.Of(
    [
        ["ID", "NODE", "USER", "CLIENT", "DESTINATION", "UP", "DOWN", "AGE"],
        .. sessions.Select(session => new[]
        {
            session.Id, session.Node, session.User is { } user ? EscapedText.Of(user) : "-", session.Client,
            session.Destination is { } destination ? EscapedText.Of(destination) : "-",
            session.ClientToDestination.ToString(CultureInfo.InvariantCulture),
            session.DestinationToClient.ToString(CultureInfo.InvariantCulture),
            AgeText.Of(session.AgeSeconds),
        }),
    ]);
}
