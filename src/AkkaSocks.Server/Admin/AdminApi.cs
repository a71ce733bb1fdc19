using Akka.Actor;
using Akka.Event;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Admin.Events;
using AkkaSocks.Server.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary>
/// The paths of the admin API, and what is the same for all: the guard goes first, nothing is cached, and whatever goes wrong is
/// answered by a problem document. Any node answers for the whole cluster.
/// </summary>
internal static class AdminApi
{
    // Scripts and styles of our own alone; nothing may be written as HTML, nothing embeds the dashboard, nothing is sent elsewhere.
    private const string ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        + "trusted-types 'none'";

    /// <summary>Puts the API and the dashboard onto a web server that has not started.</summary>
    public static void Map(WebApplication app, AdminWiring wiring)
    {
        app.Use(next => context => ServeAsync(context, next, wiring.Guard, wiring.Log));
        app.UseRouting();
        foreach (var route in Routes(wiring, app.Lifetime.ApplicationStopping))
        {
            app.MapMethods(
                route.Pattern,
                [route.Method],
                async context => await (Objection(route, context) ?? await route.Serve(context)).ExecuteAsync(context));
        }

        DashboardFiles.Map(app);
    }

    /// <summary>All paths of the API, the description of it included.</summary>
    public static List<AdminRoute> Routes(AdminWiring wiring, CancellationToken stopping)
    {
        var health = new HealthEndpoints(wiring.Registry);
        var users = new UserEndpoints(wiring.Registry, wiring.Audit);
        var sessions = new SessionEndpoints(wiring.Registry, wiring.Audit);
        var bans = new BanEndpoints(wiring.Registry, wiring.Audit);
        var nodes = new NodeEndpoints(wiring.Registry, wiring.Listeners, wiring.Audit);
        var refusals = new RefusalEndpoints(wiring.Registry);
        var actors = new ActorEndpoints(wiring.Registry);
        var events = new EventEndpoints(wiring.Registry, stopping);
        List<AdminRoute> routes =
        [
            new("GET", "/healthz", "Whether this node is alive.", health.GetHealthAsync)
            {
                Answer = AdminJson.Default.HealthDocument, Statuses = [200, 503],
            },
            new("GET", "/readyz", "Whether clients may be sent to this node.", health.GetReadinessAsync)
            {
                Answer = AdminJson.Default.HealthDocument, Statuses = [200, 503],
            },
            new("GET", "/v1/users", "Users, in the order of their names or of their sessions.", users.ListAsync)
            {
                Query = [.. PageQuery.Parameters, .. UserEndpoints.Parameters], Answer = AdminJson.Default.UserPage,
            },
            new("GET", "/v1/users/{name}", "A user.", users.GetAsync) { Answer = AdminJson.Default.UserDocument },
            new("PUT", "/v1/users/{name}", "Adds a user or changes one; what is left out stays as it is.", users.PutAsync)
            {
                Body = UserBody.Described, Answer = AdminJson.Default.UserDocument, Statuses = [200, 201],
            },
            new("DELETE", "/v1/users/{name}", "Removes a user and ends its sessions.", users.RemoveAsync) { Statuses = [204] },
            new("GET", "/v1/sessions", "Sessions of the whole cluster.", sessions.ListAsync)
            {
                Query = [.. PageQuery.Parameters, .. SessionQuery.Parameters], Answer = AdminJson.Default.SessionPage,
            },
            new("DELETE", "/v1/sessions", "Ends all sessions of a user or of a client address, with a reset.", sessions.EndAllAsync)
            {
                Query = [.. SessionEndpoints.EndParameters], Answer = AdminJson.Default.EndedDocument,
            },
            new("DELETE", "/v1/sessions/{id}", "Ends a session with a reset, on whichever node it is.", sessions.EndAsync) { Statuses = [204] },
            new("GET", "/v1/bans", "Who is kept out of the whole cluster.", bans.ListAsync)
            {
                Query = [.. PageQuery.Parameters, .. BanEndpoints.Parameters], Answer = AdminJson.Default.BanPage,
            },
            new("POST", "/v1/bans", "Bans an address, a user, or a user at an address, and ends their sessions.", bans.AddAsync)
            {
                Body = BanBody.Described, Answer = AdminJson.Default.BanDocument, Statuses = [201],
            },
            new("DELETE", "/v1/bans/{id}", "Lifts a ban.", bans.LiftAsync) { Statuses = [204] },
            new("GET", "/v1/node", "The node that is asked.", nodes.GetAsync) { Answer = AdminJson.Default.SelfDocument },
            new("GET", "/v1/nodes", "The nodes of the cluster and what each does.", nodes.ListAsync) { Answer = AdminJson.Default.NodeList },
            new("GET", "/v1/totals", "The nodes added up, and refusals by reason.", nodes.GetTotalsAsync)
            {
                Answer = AdminJson.Default.TotalsDocument,
            },
            new("GET", "/v1/history", "What each node did in the last minutes.", nodes.GetHistoryAsync)
            {
                Answer = AdminJson.Default.HistoryDocument,
            },
            new("GET", "/v1/refusals", "Sessions that were refused lately, the latest first.", refusals.ListAsync)
            {
                Query = [.. RefusalEndpoints.Parameters], Answer = AdminJson.Default.RefusalList,
            },
            new("GET", "/v1/reasons", "Why clients can be refused, in words.", RefusalEndpoints.GetReasonsAsync)
            {
                Answer = AdminJson.Default.ReasonList,
            },
            new("GET", "/v1/actors", "The live actors of a node.", actors.GetAsync)
            {
                Query = [.. ActorEndpoints.Parameters], Answer = AdminJson.Default.ActorTreeDocument,
            },
            new("POST", "/v1/drain", "Lets a node take no new sessions, wait for those it has, and stop.", nodes.DrainAsync)
            {
                Body = [new("node", "A node's name; the one that is asked unless given.")],
                Answer = AdminJson.Default.DrainDocument,
                Statuses = [202],
            },
            new("GET", "/v1/events", "What happens in the whole cluster, as server-sent events.", events.StreamAsync)
            {
                Query = [.. EventEndpoints.Parameters], MediaType = "text/event-stream",
            },
            .. wiring.Besides,
        ];
        routes.Add(OpenApiDescription.RouteOf(routes));
        return routes;
    }

    private static Problem? Objection(AdminRoute route, HttpContext context) =>
        route.WhyNotForReaders() is { } why && !AdminGuard.MayWrite(context) ? Problem.NotForReaders(why) : route.Objection(context.Request.Query);

    private static async Task ServeAsync(HttpContext context, RequestDelegate next, AdminGuard guard, ILoggingAdapter log)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
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
