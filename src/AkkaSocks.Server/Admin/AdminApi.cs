using Akka.Actor;
using Akka.Event;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaSocks.Server.Admin;

/// <summary>
/// The paths of the admin API, and what is the same for all: the guard goes first, nothing is cached, and whatever goes wrong is
/// answered by a problem document. Any node answers for the whole cluster.
/// </summary>
internal static class AdminApi
{
    /// <summary>Puts the API onto a web server that has not started.</summary>
    public static void Map(WebApplication app, AdminGuard guard, RegistryLink registry, ILoggingAdapter log)
    {
        var health = new HealthEndpoints(registry);
        var users = new UserEndpoints(registry, log);
        var sessions = new SessionEndpoints(registry, log);
        var bans = new BanEndpoints(registry, log);
        var nodes = new NodeEndpoints(registry);

        app.Use(next => context => ServeAsync(context, next, guard, log));
        app.UseRouting();
        Map(app, "GET", "/healthz", health.GetHealthAsync);
        Map(app, "GET", "/readyz", health.GetReadinessAsync);
        Map(app, "GET", "/v1/users", users.ListAsync);
        Map(app, "GET", "/v1/users/{name}", users.GetAsync);
        Map(app, "PUT", "/v1/users/{name}", users.PutAsync);
        Map(app, "DELETE", "/v1/users/{name}", users.RemoveAsync);
        Map(app, "GET", "/v1/sessions", sessions.ListAsync);
        Map(app, "DELETE", "/v1/sessions", sessions.EndAllAsync);
        Map(app, "DELETE", "/v1/sessions/{id}", sessions.EndAsync);
        Map(app, "GET", "/v1/bans", bans.ListAsync);
        Map(app, "POST", "/v1/bans", bans.AddAsync);
        Map(app, "DELETE", "/v1/bans/{id}", bans.LiftAsync);
        Map(app, "GET", "/v1/nodes", nodes.ListAsync);
        Map(app, "POST", "/v1/drain", nodes.DrainAsync);
    }

    private static void Map(
        IEndpointRouteBuilder routes, string method, string pattern, Func<HttpContext, Task<IResult>> serve) =>
        routes.MapMethods(pattern, [method], async context => await (await serve(context)).ExecuteAsync(context));

    private static async Task ServeAsync(HttpContext context, RequestDelegate next, AdminGuard guard, ILoggingAdapter log)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (guard.Judge(context.Request) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode >= StatusCodes.Status400BadRequest)
                await Problem.OfStatus(context.Response.StatusCode).ExecuteAsync(context);
        }
        catch (AskTimeoutException)
        {
            await Problem.NoAnswer().ExecuteAsync(context);
        }
        catch (Exception defect) when (defect is not OperationCanceledException && !context.Response.HasStarted)
        {
            log.Error(defect, "A defect in the admin API. Please report it.");
            await Problem.OfStatus(StatusCodes.Status500InternalServerError).ExecuteAsync(context);
        }
    }
}
