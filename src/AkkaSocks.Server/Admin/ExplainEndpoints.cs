using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Sessions.Explaining;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>GET /v1/explain</c>: what this node would say to a request, and why; or why a session was refused.</summary>
/// <param name="registry">Knows the sessions that were refused.</param>
/// <param name="explainer">The node's; null until it has started.</param>
/// <param name="places">Where keys stand in its configuration.</param>
/// <param name="node">The node's name.</param>
internal sealed class ExplainEndpoints(RegistryLink registry, Func<Explainer?> explainer, Func<ConfigPlaces> places, string node)
{
    private static readonly (string Word, Command Command)[] Commands =
        [("connect", Command.Connect), ("bind", Command.Bind), ("udp", Command.UdpAssociate)];

    private static readonly QueryParameter[] Parameters =
    [
        new("user", "Who asks; nobody in particular unless given, where clients need not log in."),
        new("destination", "Where to: HOST:PORT. Needed unless session is given."),
        new("from", "The client's IP address; bans and limits of addresses are passed over unless given."),
        new("command", "connect, bind or udp; connect unless given."),
        new("session", "The id of a session that was refused lately, instead of all else."),
    ];

    /// <summary>Its path.</summary>
    public AdminRoute Route => new("GET", "/v1/explain", "What becomes of a request at the node that is asked, and why.", GetAsync)
    {
        Query = [.. Parameters], Answer = AdminJson.Default.ExplanationDocument,
    };

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (explainer() is not { } explaining)
            return Problem.NoAnswer();
        if ((string?)query["session"] is { } id)
        {
            return query.Count == 1
                ? await OfSessionAsync(explaining, id, context.RequestAborted)
                : Problem.BadParameter("session", "expected alone: what the session asked for is known");
        }

        return TryRead(query, out var question, out var problem)
            ? Json(DocumentOf(question!, await explaining.ExplainAsync(question!, context.RequestAborted), null))
            : problem!;
    }

    private async Task<IResult> OfSessionAsync(Explainer explaining, string text, CancellationToken gone)
    {
        if (!SessionId.TryParse(text, out var id))
            return Problem.BadParameter("session", SessionQuery.BadId);
        var found = (await registry.RefusalsAsync(new RefusalFilter(id, null, null), 1)).Items;
        if (found is not [var session])
            return Problem.NoSuchRefusal();
        var then = RefusalDocument.Of(session);

        // What was refused before its request, or has a name that is none, can only be told.
        if (session.Destination is null || session.Command is not { } command
            || !DestinationText.TryRead(session.Destination, out var destination))
            return Json(DocumentOf(then));
        var question = new ExplainQuestion(session.User, command, destination, session.Client.Address);
        return Json(DocumentOf(question, await explaining.ExplainAsync(question, gone), then));
    }

    private static bool TryRead(IQueryCollection query, out ExplainQuestion? question, out Problem? problem)
    {
        question = null;
        problem = null;
        UserName? user = null;
        if ((string?)query["user"] is { Length: > 0 } userText)
        {
            if (UserNameText.TryRead(userText, out var name, out var wrong))
                user = name;
            else
                problem = Problem.BadParameter("user", wrong);
        }

        IPAddress? from = null;
        if ((string?)query["from"] is { } fromText && !IPAddress.TryParse(fromText, out from))
            problem = Problem.BadParameter("from", "expected an IP address, without a port");
        var command = Array.Find(Commands, it => it.Word == ((string?)query["command"] ?? Commands[0].Word));
        if (command.Word is null)
            problem = Problem.BadParameter("command", $"expected one of {string.Join(", ", Commands.Select(it => it.Word))}");
        if (!DestinationText.TryRead((string?)query["destination"] ?? "", out var destination))
            problem = Problem.BadParameter("destination", DestinationText.Expected);
        if (problem is null)
            question = new ExplainQuestion(user, command.Command, destination, from);
        return problem is null;
    }

    private ExplanationDocument DocumentOf(
        ExplainQuestion question, ImmutableArray<ExplainedStep> steps, RefusalDocument? session)
    {
        // Whether it is looked into decides nothing.
        var last = steps.Last(step => step.Stage != ExplainedStage.Interception);
        var isAllowed = last.Reason is null;
        var command = KebabCase.Of(question.Command.ToString());
        var who = question.User is { } user ? $"{user}" : "a client";
        var isOfOthers = session is not null && Refusals.OfLabel(session.Reason) is { } then && RefusalAdvice.IsOfOthers(then);
        return new ExplanationDocument(
            isAllowed,
            last.Reason,
            !isAllowed ? last.Words
                : isOfOthers ? $"{who} may {command} to {question.Destination}; it was not this proxy that refused: {session!.Words}"
                : $"{who} may {command} to {question.Destination}",
            isAllowed ? isOfOthers ? session!.Mend : null : MendOf(last, question.User),
            PlaceOf(last),
            isAllowed ? null : ClientSees(last),
            node,
            question.User is { } name ? Encoding.UTF8.GetString(name.Bytes) : null,
            question.Client?.ToString(),
            command,
            question.Destination.ToString(),
            [.. steps.Select(step => new StepDocument(KebabCase.Of(step.Stage.ToString()), step.Reason is null, step.Words, PlaceOf(step)))],
            session);
    }

    private ExplanationDocument DocumentOf(RefusalDocument session)
    {
        var key = RefusalAdvice.Of(session.Reason).Key;
        return new ExplanationDocument(
            false, session.Reason, session.Words, session.Mend, key is null ? null : PlaceOf(key.Split('.')), null, node, session.User,
            session.Client, session.Command, session.Destination, [], session);
    }

    // Users of the configuration are changed there and nowhere else.
    private static string? MendOf(ExplainedStep step, UserName? user) => step.Key is ["akkasocks", "auth", "users", ..]
        ? "change it there: this user stands in the configuration"
        : RefusalAdvice.Of(step.Refusal).Mend is { } mend && user is { } name && !$"{name}".Contains('\\', StringComparison.Ordinal)
        ? mend.Replace("NAME", $"{name}", StringComparison.Ordinal)
        : RefusalAdvice.Of(step.Refusal).Mend;

    private PlaceDocument? PlaceOf(ExplainedStep step) => step.Key.IsEmpty ? null : PlaceOf([.. step.Key]);

    private PlaceDocument? PlaceOf(string[] key) =>
        places().Find(key) is { } place ? new PlaceDocument(place.Key, place.Value, place.Source, place.Line) : null;

    private static string ClientSees(ExplainedStep step) => step switch
    {
        { Refusal: Refusal.None } => "nothing: the datagram is dropped",
        { Refusal: Refusal.NoAcceptableMethod } => "no acceptable authentication method (SOCKS5 method FF, HTTP 407)",
        { Stage: ExplainedStage.Connection } => "the connection is closed",
        { Stage: ExplainedStage.Bans or ExplainedStage.Login } => "a failed login (SOCKS5 status 1, HTTP 407)",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"SOCKS5 reply {(int)step.Refusal.ToReplyCode():X2} ({KebabCase.Of(step.Refusal.ToReplyCode().ToString()).Replace('-', ' ')}), HTTP {(int)step.Refusal.ToHttpStatus()}"),
    };

    private static IResult Json(ExplanationDocument document) => Results.Json(document, AdminJson.Default.ExplanationDocument);
}
