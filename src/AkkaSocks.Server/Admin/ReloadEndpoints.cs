using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>POST /v1/reload</c>: the node that is asked reads its configuration again.</summary>
internal sealed class ReloadEndpoints(Func<string, Task<ReloadOutcome>> reload, AuditLog audit)
{
    /// <summary>Its path.</summary>
    public AdminRoute Route => new("POST", "/v1/reload", "Has the node that is asked read its configuration again.", ReloadAsync)
    {
        Answer = AdminJson.Default.ReloadDocument,
    };

    private async Task<IResult> ReloadAsync(HttpContext context)
    {
        var outcome = await reload($"{context.Connection.RemoteIpAddress} through the admin API");
        if (!outcome.Problems.IsEmpty)
            return Problem.BadConfiguration(outcome.Problems);
        audit.Write(context, "config-reloaded", $"{outcome.Config.Epoch} {outcome.Config.Hash}");
        return Results.Json(
            new ReloadDocument(ConfigDocument.Of(outcome.Config)!, outcome.Applied, outcome.Waiting), AdminJson.Default.ReloadDocument);
    }
}
