using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/bans</c>: who is kept out of the whole cluster.</summary>
internal sealed class BanEndpoints(RegistryLink registry, AuditLog audit)
{
    private const string BadId = "expected the id of a ban, such as 17-0a1b2c3d";

    /// <summary>The parameters of the list but for those of every page.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("user", "Bans of this user."),
        new("address", "Bans of this IP address."),
    ];

    /// <summary><c>GET /v1/bans?user=&amp;address=</c>, paged.</summary>
    public async Task<IResult> ListAsync(HttpContext context)
    {
        if (!PageQuery.TryRead(context.Request.Query, out var query, out var problem))
            return problem;
        UserName? user = null;
        if (query["user"] is { } userText)
        {
            if (!UserNameText.TryRead(userText, out var name, out var wrong))
                return Problem.BadParameter("user", wrong);
            user = name;
        }

        ClientNetwork? address = null;
        if (query["address"] is { } addressText)
        {
            if (!ClientNetwork.TryParse(addressText, out var network))
                return Problem.BadParameter("address", "expected an IP address, without a port");
            address = network;
        }

        BanVersion after = default;
        if (query["after"] is { } afterText && !BanVersion.TryParse(afterText, out after))
            return Problem.BadParameter("after", BadId);

        // One more than wanted tells whether there is another page.
        var found = (await registry.BansAsync()).Where(ban => !ban.IsLifted && ban.Version.CompareTo(after) > 0
            && (user is null || ban.Target.User == user) && (address is null || ban.Target.Network == address)).Take(query.Limit + 1).ToList();
        return Results.Json(
            new BanPage(
                [.. found.Take(query.Limit).Select(DocumentOf)],
                found.Count > query.Limit ? found[query.Limit - 1].Version.ToString() : null),
            AdminJson.Default.BanPage);
    }

    /// <summary><c>POST /v1/bans</c>: bans an address, a user, or a user at an address, whose sessions end.</summary>
    public async Task<IResult> AddAsync(HttpContext context)
    {
        var (document, problem) = await JsonBody.ReadAsync(context.Request);
        using (document)
        {
            if (document is null)
                return problem!;
            var body = BanBody.Read(document.RootElement);
            if (!body.Errors.IsEmpty)
                return Problem.BadFields(body.Errors);
            var ban = DocumentOf(await registry.BanAsync(body.Target, body.Duration, body.Reason));
            audit.Write(context, "ban-added", $"{ban.Id} of user {body.Target.User?.ToString() ?? "-"} at {ban.Address ?? "any address"}");
            return Results.Json(ban, AdminJson.Default.BanDocument, statusCode: StatusCodes.Status201Created);
        }
    }

    /// <summary><c>DELETE /v1/bans/{id}</c>.</summary>
    public async Task<IResult> LiftAsync(HttpContext context)
    {
        if (!BanVersion.TryParse((string?)context.Request.RouteValues["id"] ?? "", out var id))
            return Problem.BadParameter("id", BadId);
        if (!await registry.LiftBanAsync(id))
            return Problem.Unknown("ban");
        audit.Write(context, "ban-lifted", id.ToString());
        return Results.NoContent();
    }

    private static BanDocument DocumentOf(BanNotice ban) => new(
        ban.Version.ToString(),
        ban.Target.Network?.ToString(),
        ban.Target.User is { } user ? TextOf(user) : null,
        ban.Cause == BanCause.Operator ? "operator" : "failures",
        ban.Reason,
        Math.Round(ban.Remaining.TotalSeconds, 3));

    // Clients make names up, of any bytes.
    private static string TextOf(UserName user) =>
        Encoding.UTF8.GetString(user.Bytes) is var text && UserNameText.Problem(text) is null ? text : user.ToString();
}
