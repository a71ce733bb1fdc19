using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/healthz</c>: would a restart help? <c>/readyz</c>: may clients be sent here? Open to all.</summary>
internal sealed class HealthEndpoints(RegistryLink registry)
{
    private const string Up = "up";
    private const string NoAnswer = "its actors do not answer";

    /// <summary><c>GET /healthz</c>: the actors of this node answer within 2 s, and its event loops turn.</summary>
    public async Task<IResult> GetHealthAsync(HttpContext context)
    {
        ImmutableArray<string> reasons =
        [
            .. await registry.IsAliveAsync() ? [] : new[] { NoAnswer },
            .. registry.Health()?.Failures ?? [],
        ];
        return reasons.IsEmpty ? Healthy("ok") : Unhealthy("failing", reasons);
    }

    /// <summary><c>GET /readyz</c>: this node listens, is a member of its cluster and has room for sessions.</summary>
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
                    .. registry.Health()?.Obstacles ?? [],
                ];
            return reasons.IsEmpty ? Healthy("ready") : Unhealthy("not-ready", reasons);
        }
        catch (AskTimeoutException)
        {
            return Unhealthy("not-ready", [NoAnswer]);
        }
    }

    private IResult Healthy(string status) => Results.Json(DocumentOf(status, []), AdminJson.Default.HealthDocument);

    private IResult Unhealthy(string status, ImmutableArray<string> reasons) => Results.Json(
        DocumentOf(status, reasons), AdminJson.Default.HealthDocument, statusCode: StatusCodes.Status503ServiceUnavailable);

    private HealthDocument DocumentOf(string status, ImmutableArray<string> reasons) =>
        new(status, reasons, [.. registry.Health()?.Warnings ?? []]);
}
