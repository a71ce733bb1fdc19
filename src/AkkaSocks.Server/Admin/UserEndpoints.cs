using Akka.Event;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/users</c>: the users of the whole cluster. A password goes in and never comes out, hashed or not.</summary>
internal sealed class UserEndpoints(RegistryLink registry, ILoggingAdapter log)
{
    private readonly WriteTurn _turn = new();

    /// <summary><c>GET /v1/users</c>, paged.</summary>
    public async Task<IResult> ListAsync(HttpContext context)
    {
        if (!PageQuery.TryRead(context.Request.Query, [], out var query, out var problem))
            return problem;
        UserName? after = null;
        if (query["after"] is { } text)
        {
            if (!UserNameText.TryRead(text, out var name, out var wrong))
                return Problem.BadParameter("after", wrong);
            after = name;
        }

        // One more than wanted tells whether there is another page.
        var users = registry.Users.Page(after, query.Limit + 1);
        var items = await Task.WhenAll(users.Take(query.Limit).Select(DocumentOfAsync));
        return Results.Json(
            new UserPage([.. items], users.Length > query.Limit ? items[^1].Name : null, registry.Users.Count),
            AdminJson.Default.UserPage);
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
                () => WriteAsync(name, body, context.Request.Headers.IfMatch, context.Request.Headers.IfNoneMatch),
                context.RequestAborted);
        }
    }

    /// <summary><c>DELETE /v1/users/{name}</c>.</summary>
    public async Task<IResult> RemoveAsync(HttpContext context)
    {
        if (!UserNameText.TryReadLastSegment(TargetOf(context), out var name, out var wrong))
            return Problem.BadParameter("name", wrong);
        return await InTurnAsync(() => RemoveAsync(name), context.RequestAborted);
    }

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

    private async Task<IResult> RemoveAsync(UserName name)
    {
        if (registry.Users.IsFixed(name))
            return Problem.FixedUser();
        if (registry.Users.Find(name) is null)
            return Problem.Unknown("user");
        if (await registry.RemoveAsync(name) is { } reason)
            return Problem.NotSaved(reason);
        log.Info("Admin: user {0} removed", name);
        return Results.NoContent();
    }

    private async Task<IResult> WriteAsync(UserName name, UserBody body, StringValues ifMatch, StringValues ifNoneMatch)
    {
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
        log.Info("Admin: user {0} {1}", name, old is null ? "added" : "changed");
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
