using System.CommandLine;
using System.Globalization;
using System.Text;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;
using Spectre.Console;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks explain USER DESTINATION</c>, or <c>--session ID</c>: what becomes of a request, and why.</summary>
internal sealed class ExplainVerb : AdminVerb
{
    private const string Nobody = "-";

    private readonly Argument<string> _user = new("user")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = $"Who asks; {Nobody} for a client that does not log in.",
    };

    private readonly Argument<string> _destination = new("destination")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = "Where to: HOST:PORT, such as example.com:443 or [2001:db8::1]:443.",
    };

    private readonly Option<string> _from = new("--from")
    {
        HelpName = "ADDRESS", Description = "The client's address; bans and limits of addresses are passed over unless given.",
    };

    private readonly Option<string> _command = new("--command")
    {
        HelpName = "COMMAND", Description = "connect, bind or udp; connect unless given.",
    };

    private readonly Option<string> _session = new("--session")
    {
        HelpName = "ID", Description = "A session that was refused lately, as `akkasocks refusals` lists it, instead of all else.",
    };

    /// <summary>The verb with its options.</summary>
    public ExplainVerb()
        : base("explain", "Says what becomes of a request and what decides it; exit code 0 when it is allowed, else 1.")
    {
        Add(_user);
        Add(_destination);
        Add(_from);
        Add(_command);
        _command.CompletionSources.Add("connect", "bind", "udp");
        Add(_session);
        Validators.Add(result =>
        {
            var isWhole = result.GetValue(_user) is not null && result.GetValue(_destination) is not null;
            var isNone = result.GetValue(_user) is null && result.GetValue(_from) is null && result.GetValue(_command) is null;
            if (result.GetValue(_session) is null ? !isWhole : !isNone)
                result.AddError("explain expects a user and a destination, as in `akkasocks explain alice example.com:443`, or --session alone");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var explained = await admin.ExplainAsync(
        [
            ("session", parsed.GetValue(_session)),
            ("user", parsed.GetValue(_user) is var user && user == Nobody ? null : user),
            ("destination", parsed.GetValue(_destination)),
            ("from", parsed.GetValue(_from)),
            ("command", parsed.GetValue(_command)),
        ]);
        Print(parsed, explained, AdminJson.Default.ExplanationDocument, Text);
        return explained.Allowed ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Text(ExplanationDocument explained)
    {
        var text = new StringBuilder();
        if (explained.Session is { } session)
        {
            text.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"session {session.Id} was refused at {session.Time.UtcDateTime:HH:mm:ss} UTC by node {session.Node}: {session.Reason}, {session.Words}\n"));
            if (explained.Steps.IsEmpty)
                return text.Append(TextTable.OfFields(Fields(explained))).ToString();
            text.Append("The same request now:\n");
        }

        text.Append(Terminal.Tinted(explained.Allowed ? "allowed" : $"refused: {explained.Reason}", explained.Allowed ? Color.Green : Color.Red))
            .Append('\n').Append(explained.Words).Append('\n');
        var fields = Fields(explained).ToList();
        if (fields.Count > 0)
            text.Append('\n').Append(TextTable.OfFields(fields));
        return text.Append('\n').Append(TextTable.Of(
        [
            ["STAGE", "", "WHAT WAS FOUND", "KEY"],
            .. explained.Steps.Select(step => new[]
            {
                step.Stage, step.Passed ? "passed" : "refused", step.Words, step.Place is { } place ? PlaceText(place) : "-",
            }),
        ])).ToString();
    }

    private static IEnumerable<string[]> Fields(ExplanationDocument explained)
    {
        if (explained.Place is { } place)
            yield return ["decided by", $"{place.Key}{(place.Value is { } value ? $" = {value}" : "")}, {PlaceText(place)}"];
        if (explained.Mend is { } mend)
            yield return ["what helps", mend];
        if (explained.ClientSees is { } seen)
            yield return ["the client sees", seen];
    }

    private static string PlaceText(PlaceDocument place) => place.Source == SettingsLoader.ReferenceName
        ? "by default"
        : place.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{place.Source}:{line}") : place.Source;
}
