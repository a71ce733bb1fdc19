using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/healthz</c>: would a restart help? <c>/readyz</c>: may clients be sent here? Open to all.</summary>
internal sealed class HealthEndpoints(RegistryLink registry)
{
    private const string Up = "up";

    /// <summary><c>GET /healthz</c>: the actors of this node answer.</summary>
    public async Task<IResult> GetHealthAsync(HttpContext context) =>
        await registry.IsAliveAsync() ? Healthy("ok") : Unhealthy("failing", ["its actors do not answer"]);

    /// <summary><c>GET /readyz</c>: this node is a member of its cluster and takes sessions. That it listens is certain, since
    /// this is answered only while it does.</summary>
    public async Task<IResult> GetReadinessAsync(HttpContext context)
    {
        try
        {
            var self = (await registry.NodesAsync()).FirstOrDefault(node => node.IsSelf);
            ImmutableArray<string> reasons = self is null ? ["this node is no member of the cluster"]
                :
                [
                    .. self.State == Up ? [] : new[] { $"this node is {self.State}, not up" },
                    .. self.IsDraining ? new[] { "this node drains" } : [],
                ];
            return reasons.IsEmpty ? Healthy("ready") : Unhealthy("not-ready", reasons);
        }
        catch (AskTimeoutException)
        {
            return Unhealthy("not-ready", ["its actors do not answer"]);
        }
    }

    private static IResult Healthy(string status) =>
        Results.Json(new HealthDocument(status, []), AdminJson.Default.HealthDocument);

    private static IResult Unhealthy(string status, ImmutableArray<string> reasons) => Results.Json(
        new HealthDocument(status, reasons),
        AdminJson.Default.HealthDocument,
        statusCode: StatusCodes.Status503ServiceUnavailable);
}
