using System.Globalization;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>GET /v1/refusals</c>: the sessions of the whole cluster that were refused lately.</summary>
internal sealed class RefusalEndpoints(RegistryLink registry)
{
    private const int UsualLimit = 20;

    /// <summary>Its parameters.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("reason", "Sessions refused for this, such as bad-credentials."),
        new("user", "Sessions that claimed this name."),
        new("limit", $"Sessions at most, from 1 to {RefusalListing.Most}; {UsualLimit} unless given."),
    ];

    /// <summary><c>GET /v1/reasons</c>: why clients can be refused, in words.</summary>
    public static Task<IResult> GetReasonsAsync(HttpContext context) =>
        Task.FromResult(Results.Json(ReasonList.All, AdminJson.Default.ReasonList));

    /// <summary>The latest first; each node remembers its last 512.</summary>
    public async Task<IResult> ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = UsualLimit;
        if ((string?)query["limit"] is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > RefusalListing.Most))
            return Problem.BadParameter("limit", $"expected a whole number from 1 to {RefusalListing.Most}");
        UserName? user = null;
        if ((string?)query["user"] is { } userText)
        {
            if (!UserNameText.TryRead(userText, out var name, out var wrong))
                return Problem.BadParameter("user", wrong);
            user = name;
        }

        if ((string?)query["reason"] is { } reason && Refusals.OfLabel(reason) is null or Refusal.None)
            return Problem.BadParameter("reason", "expected one that metrics and the session log know, such as bad-credentials");
        var found = await registry.RefusalsAsync(new RefusalFilter(null, query["reason"], user), limit);
        return Results.Json(new RefusalList([.. found.Items.Select(RefusalDocument.Of)], found.Silent), AdminJson.Default.RefusalList);
    }
}
