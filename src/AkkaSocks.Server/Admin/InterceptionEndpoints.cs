using AkkaSocks.Mitm.Interception;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>GET /v1/interception</c>: whose traffic is looked into, and who is passed through for now.</summary>
/// <param name="settings">What the node goes by.</param>
/// <param name="interceptor">Null where interception was off when the node started.</param>
internal sealed class InterceptionEndpoints(Func<MitmSettings> settings, Interceptor? interceptor)
{
    /// <summary>Its path.</summary>
    public AdminRoute Route => new(
        "GET", "/v1/interception", "Whose traffic the node that is asked looks into, and what it passes through for now.", Get)
    {
        Answer = AdminJson.Default.InterceptionDocument,
    };

    private Task<IResult> Get(HttpContext context) => Task.FromResult(
        Results.Json(InterceptionDocument.Of(settings(), interceptor), AdminJson.Default.InterceptionDocument));
}
