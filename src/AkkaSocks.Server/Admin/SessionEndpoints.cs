using System.Net;
using System.Text;
using Akka.Event;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Settings.Reading;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/sessions</c>: the sessions of the whole cluster.</summary>
internal sealed class SessionEndpoints(RegistryLink registry, ILoggingAdapter log)
{
    private const string BadId = "expected a session's id of 13 letters and digits";

    /// <summary><c>GET /v1/sessions?user=&amp;client=&amp;node=</c>, paged.</summary>
    public async Task<IResult> ListAsync(HttpContext context)
    {
        if (!PageQuery.TryRead(context.Request.Query, ["user", "client", "node"], out var query, out var problem))
            return problem;

        UserName? user = null;
        if (query["user"] is { } userText)
        {
            if (!UserNameText.TryRead(userText, out var name, out var wrong))
                return Problem.BadParameter("user", wrong);
            user = name;
        }

        IPAddress? client = null;
        if (query["client"] is { } clientText && !IPAddress.TryParse(clientText, out client))
            return Problem.BadParameter("client", "expected an IP address, without a port");
        if (query["node"] is { } node && NodeNameText.Read(node, out _) is { } expected)
            return Problem.BadParameter("node", $"expected {expected}");
        SessionId? after = null;
        if (query["after"] is { } afterText)
        {
            if (!SessionId.TryParse(afterText, out var id))
                return Problem.BadParameter("after", BadId);
            after = id;
        }

        var page = await registry.SessionsAsync(new AuthRegistry.SessionFilter(user, client, query["node"]), after, query.Limit);
        return Results.Json(
            new SessionPage([.. page.Items.Select(DocumentOf)], page.HasMore ? page.Items[^1].Id.ToString() : null),
            AdminJson.Default.SessionPage);
    }

    /// <summary><c>DELETE /v1/sessions/{id}</c>.</summary>
    public async Task<IResult> EndAsync(HttpContext context)
    {
        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"] ?? "", out var id))
            return Problem.BadParameter("id", BadId);
        if (!await registry.EndSessionAsync(id))
            return Problem.Unknown("session");
        log.Info("Admin: session {0} ended", id);
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
        log.Info("Admin: {0} sessions of {1} {2} ended", ended, parameter.Key, which.User?.ToString() ?? which.Client!.ToString());
        return Results.Json(new EndedDocument(ended), AdminJson.Default.EndedDocument);
    }

    private static SessionDocument DocumentOf(AuthRegistry.SessionView session) => new(
        session.Id.ToString(),
        session.Node,
        session.User is { } user ? Encoding.UTF8.GetString(user.Bytes) : null,
        session.Client.ToString(),
        session.Destination,
        session.Up,
        session.Down,
        Math.Round(session.Age.TotalSeconds, 3));
}
