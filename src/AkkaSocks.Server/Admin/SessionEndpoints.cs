using System.Net;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/sessions</c>: the sessions of the whole cluster.</summary>
internal sealed class SessionEndpoints(RegistryLink registry, AuditLog audit)
{
    /// <summary>The parameters of <see cref="EndAllAsync"/>.</summary>
    public static readonly QueryParameter[] EndParameters =
    [
        new("user", "Sessions of this user; either this or address."),
        new("address", "Sessions from this IP address."),
    ];

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

    /// <summary><c>DELETE /v1/sessions?user=</c> or <c>?address=</c>: all sessions of one of them.</summary>
    public async Task<IResult> EndAllAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query.Count != 1 || query.First() is not { Key: "user" or "address", Value: [{ } text] } parameter)
            return Problem.BadParameter(query.Keys.FirstOrDefault() ?? "user", "expected either user or address, once");
        var which = new SessionSelection();
        if (parameter.Key == "user")
        {
            if (!UserNameText.TryRead(text, out var user, out var wrong))
                return Problem.BadParameter("user", wrong);
            which = which with { User = user };
        }
        else if (IPAddress.TryParse(text, out var address))
        {
            which = which with { Client = address };
        }
        else
        {
            return Problem.BadParameter("address", "expected an IP address, without a port");
        }

        var ended = await registry.EndSessionsAsync(which);
        audit.Write(context, $"sessions-of-{parameter.Key}-ended", which.User?.ToString() ?? which.Client!.ToString());
        return Results.Json(new EndedDocument(ended), AdminJson.Default.EndedDocument);
    }
}
