using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/sessions</c>: the sessions of the whole cluster.</summary>
internal sealed class SessionEndpoints(RegistryLink registry, AuditLog audit)
{
    /// <summary><c>GET /v1/sessions</c>, paged.</summary>
    public async Task<IResult> ListAsync(HttpContext context)
    {
        if (!SessionQuery.TryRead(context.Request.Query, out var question, out var problem))
            return problem;
        var page = await registry.SessionsAsync(question);
        return Results.Json(
            new SessionPage(
                [.. page.Items.Select(SessionDocument.Of)],
                page.HasMore && !page.Items.IsEmpty ? SessionQuery.After(page.Items[^1], question.Order) : null,
                page.Total,
                page.Silent),
            AdminJson.Default.SessionPage);
    }

    /// <summary><c>DELETE /v1/sessions/{id}</c>.</summary>
    public async Task<IResult> EndAsync(HttpContext context)
    {
        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"] ?? "", out var id))
            return Problem.BadParameter("id", SessionQuery.BadId);
        if (!await registry.EndSessionAsync(id))
            return Problem.Unknown("session");
        audit.Write(context, "session-ended", id.ToString());
        return Results.NoContent();
    }
}
