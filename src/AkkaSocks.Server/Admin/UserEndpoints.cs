using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/users</c>: the users of the whole cluster. A password goes in and never comes out, hashed or not.</summary>
internal sealed class UserEndpoints(RegistryLink registry, AuditLog audit)
{
    private const int MostBusy = 10_000;

    private readonly WriteTurn _turn = new();

    /// <summary>The parameters of the list but for those of every page.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("q", "Users with this text in their name."),
        new("sort", "name, as it is unless given, or -sessions: those with most sessions now, and none without, on one page."),
    ];

    /// <summary><c>GET /v1/users</c>, paged.</summary>
    public async Task<IResult> ListAsync(HttpContext context)
    {
        if (!PageQuery.TryRead(context.Request.Query, out var query, out var problem))
            return problem;
        UserName? after = null;
        if (query["after"] is { } text)
        {
            if (!UserNameText.TryRead(text, out var name, out var wrong))
                return Problem.BadParameter("after", wrong);
            after = name;
        }

        if (query["q"] is { Length: 0 or > UserName.MaxLength })
            return Problem.BadParameter("q", $"expected 1 to {UserName.MaxLength} characters");
        return query["sort"] switch
        {
            null or "name" => await ByNameAsync(query, after),
            "-sessions" => await BusiestAsync(query),
            _ => Problem.BadParameter("sort", "expected name or -sessions"),
        };
    }

    /// <summary><c>GET /v1/users/{name}</c>.</summary>
    public async Task<IResult> GetAsync(HttpContext context)
    {
        if (!UserNameText.TryReadLastSegment(TargetOf(context), out var name, out var wrong))
            return Problem.BadParameter("name", wrong);
        return registry.Users.Find(name) is { } user
            ? Results.Json(await DocumentOfAsync(user), AdminJson.Default.UserDocument)
            : Problem.Unknown("user");
    }

    /// <summary><c>PUT /v1/users/{name}</c>: adds a user (201) or changes one (200); <c>If-None-Match: *</c> only adds,
    /// <c>If-Match: *</c> only changes.</summary>
    public async Task<IResult> PutAsync(HttpContext context)
    {
        if (!UserNameText.TryReadLastSegment(TargetOf(context), out var name, out var wrong))
            return Problem.BadParameter("name", wrong);
        var (document, problem) = await JsonBody.ReadAsync(context.Request);
        using (document)
        {
            if (document is null)
                return problem!;
            var body = UserBody.Read(document.RootElement);
            if (!body.Errors.IsEmpty)
                return Problem.BadFields(body.Errors);
            return await InTurnAsync(
                () => WriteAsync(context, name, body),
                context.RequestAborted);
        }
    }

    /// <summary><c>DELETE /v1/users/{name}</c>.</summary>
    public async Task<IResult> RemoveAsync(HttpContext context)
    {
        if (!UserNameText.TryReadLastSegment(TargetOf(context), out var name, out var wrong))
            return Problem.BadParameter("name", wrong);
        return await InTurnAsync(() => RemoveAsync(context, name), context.RequestAborted);
    }

    private async Task<IResult> ByNameAsync(PageQuery query, UserName? after)
    {
        // One more than wanted tells whether there is another page.
        var users = registry.Users.Page(after, query.Limit + 1, query["q"] is { } text ? user => Has(user.Name, text) : null);
        var items = await Task.WhenAll(users.Take(query.Limit).Select(DocumentOfAsync));
        return Page(items, users.Length > query.Limit ? items[^1].Name : null);
    }

    private async Task<IResult> BusiestAsync(PageQuery query)
    {
        // A user of whom nothing is known here stands in another node's configuration, or has just been removed.
        var busiest = await registry.BusiestUsersAsync(query["q"] is null ? query.Limit : MostBusy);
        return Page(
            [
                .. busiest.Where(entry => query["q"] is not { } text || Has(entry.User, text))
                    .Select(entry => registry.Users.Find(entry.User) is { } user ? UserDocument.Of(user, entry.Sessions) : null)
                    .OfType<UserDocument>()
                    .Take(query.Limit),
            ],
            null);
    }

    private IResult Page(UserDocument[] items, string? next) =>
        Results.Json(new UserPage([.. items], next, registry.Users.Count), AdminJson.Default.UserPage);

    private static bool Has(UserName name, string text) =>
        Encoding.UTF8.GetString(name.Bytes).Contains(text, StringComparison.OrdinalIgnoreCase);

    private async Task<IResult> InTurnAsync(Func<Task<IResult>> change, CancellationToken gone)
    {
        if (!await _turn.TryEnterAsync(gone))
            return Problem.Busy();
        try
        {
            return await change();
        }
        finally
        {
            _turn.Leave();
        }
    }

    private async Task<IResult> RemoveAsync(HttpContext context, UserName name)
    {
        if (registry.Users.IsFixed(name))
            return Problem.FixedUser();
        if (registry.Users.Find(name) is not { } old)
            return Problem.Unknown("user");
        if (await registry.RemoveAsync(name) is { } reason)
            return Problem.NotSaved(reason);
        audit.Write(context, old, null);
        return Results.NoContent();
    }

    private async Task<IResult> WriteAsync(HttpContext context, UserName name, UserBody body)
    {
        var (ifMatch, ifNoneMatch) = (context.Request.Headers.IfMatch, context.Request.Headers.IfNoneMatch);
        if (registry.Users.IsFixed(name))
            return Problem.FixedUser();
        var old = registry.Users.Find(name);
        if (ifMatch.Count > 0 && ifMatch != "*")
            return Problem.PreconditionFailed("Users have no entity tags; If-Match can only be *.");
        if (ifMatch == "*" && old is null)
            return Problem.PreconditionFailed("There is no such user.");
        if (ifNoneMatch == "*" && old is not null)
            return Problem.PreconditionFailed("The user exists already.");
        if (old is null && body.Password is null)
            return Problem.BadFields([new FieldProblem("password", "is missing; a new user needs one")]);

        var password = body.Password is { } clear ? await Task.Run(() => Hash(clear, old?.Password)) : old!.Password;
        var user = body.ApplyTo(old ?? new UserRecord { Name = name, Password = password }) with { Password = password };
        if (await registry.SaveAsync(user) is { } reason)
            return Problem.NotSaved(reason);
        audit.Write(context, old, user);
        return Results.Json(
            await DocumentOfAsync(user),
            AdminJson.Default.UserDocument,
            statusCode: old is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task<UserDocument> DocumentOfAsync(UserRecord user) =>
        UserDocument.Of(user, await registry.SessionsOfAsync(user.Name));

    // Setting a password to what it is changes nothing, and ends no session.
    private static string Hash(byte[] password, string? current) =>
        current is not null && PasswordHash.TryParse(current, out var hash, out _) && hash.Matches(password)
            ? current
            : PasswordHash.Create(password);

    private static string TargetOf(HttpContext context) => context.Features.Get<IHttpRequestFeature>()!.RawTarget;
}
