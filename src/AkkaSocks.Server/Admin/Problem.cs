using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AkkaSocks.Server.Admin;

/// <summary>A refusal of the API, as an RFC 9457 problem document. All there are stand here.</summary>
internal sealed class Problem : IResult
{
    private const string TypePrefix = "urn:akkasocks:problem:";
    private const string MediaType = "application/problem+json";

    private readonly ProblemDocument _document;
    private readonly (string Name, StringValues Value)? _header;

    private Problem(
        int status,
        string kind,
        string detail,
        ImmutableArray<FieldProblem>? errors = null,
        (string, StringValues)? header = null)
    {
        _document = new ProblemDocument(TypePrefix + kind, ReasonPhrases.GetReasonPhrase(status), status, detail, errors);
        _header = header;
    }

    /// <summary>The Host header names no address of this API: perhaps a name that somebody else made resolve here.</summary>
    public static Problem WrongHost() => new(
        StatusCodes.Status421MisdirectedRequest,
        "wrong-host",
        "The Host header must be localhost, a loopback address or the bound address.");

    /// <summary>A page from elsewhere asks through a browser.</summary>
    public static Problem ForeignOrigin() =>
        new(StatusCodes.Status403Forbidden, "foreign-origin", "Requests from pages of another origin are refused.");

    /// <summary>Nobody can have the token, for there is none.</summary>
    public static Problem NoTokenConfigured() => new(
        StatusCodes.Status403Forbidden,
        "no-token-configured",
        "This node has no admin token, so only /healthz and /readyz answer. Set admin.token, or AKKASOCKS_ADMIN_TOKEN in its "
            + "environment.");

    /// <summary>No token came along.</summary>
    public static Problem TokenMissing() => new(
        StatusCodes.Status401Unauthorized,
        "token-missing",
        "Send the admin token as: Authorization: Bearer TOKEN.",
        header: Challenge());

    /// <summary>The token is not the one.</summary>
    public static Problem TokenWrong() => new(
        StatusCodes.Status401Unauthorized, "token-wrong", "This is no admin token of this node.", header: Challenge());

    /// <summary>The token is for reading, and this would change something.</summary>
    public static Problem ReadOnlyToken() => new(
        StatusCodes.Status403Forbidden,
        "read-only-token",
        "This token may look and not change anything. Send the one of admin.token.");

    /// <summary>The token is for reading, and this shows what people send and get.</summary>
    public static Problem NotForReaders(string why) => new(StatusCodes.Status403Forbidden, "not-for-readers", why);

    /// <summary>Somebody guesses.</summary>
    public static Problem TooManyWrongTokens() => new(
        StatusCodes.Status429TooManyRequests,
        "too-many-wrong-tokens",
        $"More than {WrongTokens.PerMinute} wrong tokens within a minute. Wait for one; the right token passes meanwhile.",
        header: (HeaderNames.RetryAfter, "60"));

    /// <summary>The body is not what it should be.</summary>
    public static Problem BadBody(string detail) => new(StatusCodes.Status400BadRequest, "bad-body", detail);

    /// <summary>Fields of the body are wrong.</summary>
    public static Problem BadFields(ImmutableArray<FieldProblem> errors) =>
        new(StatusCodes.Status400BadRequest, "bad-field", Told(errors), errors);

    /// <summary>A part of the path or the query is wrong.</summary>
    public static Problem BadParameter(string name, string detail) =>
        new(StatusCodes.Status400BadRequest, "bad-parameter", $"{name}: {detail}", [new FieldProblem(name, detail)]);

    /// <summary>There is nothing of that name.</summary>
    /// <param name="what">A user, a session, a node.</param>
    public static Problem Unknown(string what) =>
        new(StatusCodes.Status404NotFound, $"unknown-{what}", $"There is no such {what}.");

    /// <summary>No node remembers the refusal of such a session.</summary>
    public static Problem NoSuchRefusal() => new(
        StatusCodes.Status404NotFound,
        "unknown-session",
        "No node remembers that it has refused such a session; each remembers its last 512. The session log has all.");

    /// <summary>The user is not this API's to change.</summary>
    public static Problem FixedUser() => new(
        StatusCodes.Status409Conflict,
        "fixed-user",
        "This user stands in the configuration (auth.users) and can be changed only there.");

    /// <summary>If-None-Match or If-Match did not hold.</summary>
    public static Problem PreconditionFailed(string detail) =>
        new(StatusCodes.Status412PreconditionFailed, "precondition-failed", detail);

    /// <summary>The configuration has mistakes, so that the node goes on with the one it has.</summary>
    public static Problem BadConfiguration(ImmutableArray<SettingsProblem> problems) => new(
        StatusCodes.Status422UnprocessableEntity,
        "bad-configuration",
        string.Join("\n", problems),
        [.. problems.Select(problem => new FieldProblem(problem.Key, problem.Message, problem.Source, problem.Line))]);

    /// <summary>The store could not write.</summary>
    public static Problem NotSaved(string reason) => new(StatusCodes.Status503ServiceUnavailable, "not-saved", reason);

    /// <summary>Too many changes wait for <see cref="WriteTurn"/>.</summary>
    public static Problem Busy() => new(
        StatusCodes.Status503ServiceUnavailable,
        "busy",
        "Too many changes of users wait already. Try again in a second.",
        header: (HeaderNames.RetryAfter, "1"));

    /// <summary>Too many read events already.</summary>
    public static Problem TooManyReaders(int most) => new(
        StatusCodes.Status503ServiceUnavailable,
        "too-many-readers",
        $"{most} readers of events are connected to this node already; ask another one.",
        header: (HeaderNames.RetryAfter, "10"));

    /// <summary>Nothing is captured here.</summary>
    public static Problem NothingCaptured() => new(
        StatusCodes.Status404NotFound,
        "nothing-captured",
        "No node captures exchanges: it takes mitm.enabled = on and a scope, and mitm.capture.level other than off.");

    /// <summary>An actor did not answer in time.</summary>
    public static Problem NoAnswer() =>
        new(StatusCodes.Status503ServiceUnavailable, "no-answer", "The node did not answer in time. Ask another one; `akkasocks healthcheck` says how this one is.");

    /// <summary>A status that the server itself came to, such as 404 or 405.</summary>
    public static Problem OfStatus(int status) => new(status, $"http-{status}", ReasonPhrases.GetReasonPhrase(status) + ".");

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (_header is { } header)
            httpContext.Response.Headers[header.Name] = header.Value;
        return Results.Json(_document, AdminJson.Default.ProblemDocument, MediaType, _document.Status).ExecuteAsync(httpContext);
    }

    private static (string, StringValues) Challenge() => (HeaderNames.WWWAuthenticate, "Bearer realm=\"akkasocks\"");

    private static string Told(ImmutableArray<FieldProblem> errors) =>
        string.Join("; ", errors.Select(error => $"{error.Field}: {error.Detail}"));
}
