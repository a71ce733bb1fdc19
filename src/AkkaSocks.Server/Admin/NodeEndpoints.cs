using System.Collections.Immutable;
using System.Text.Json;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/node</c>, <c>/v1/nodes</c>, <c>/v1/totals</c> and <c>/v1/drain</c>.</summary>
internal sealed class NodeEndpoints(RegistryLink registry, Func<ImmutableArray<ListenerDocument>> listeners, AuditLog audit)
{
    /// <summary><c>GET /v1/node</c>: the one that is asked.</summary>
    public async Task<IResult> GetAsync(HttpContext context) => Results.Json(
        new SelfDocument(NodeDocument.Of((await registry.NodesAsync()).First(node => node.IsSelf)), listeners(), AdminGuard.MayWrite(context)),
        AdminJson.Default.SelfDocument);

    /// <summary><c>GET /v1/nodes</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext context) => Results.Json(
        new NodeList([.. (await registry.NodesAsync()).Select(NodeDocument.Of)]), AdminJson.Default.NodeList);

    /// <summary><c>GET /v1/totals</c>: all nodes added up.</summary>
    public async Task<IResult> GetTotalsAsync(HttpContext context) => Results.Json(
        TotalsDocument.Of(await registry.NodesAsync(), registry.Users.Count), AdminJson.Default.TotalsDocument);

    /// <summary><c>GET /v1/history</c>: what each node did in the last minutes.</summary>
    public async Task<IResult> GetHistoryAsync(HttpContext context) => Results.Json(
        HistoryDocument.Of(await registry.HistoryAsync()), AdminJson.Default.HistoryDocument);

    /// <summary><c>POST /v1/drain</c>, with <c>{"node": NAME}</c> for another node than this one.</summary>
    public async Task<IResult> DrainAsync(HttpContext context)
    {
        string? node = null;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            var (document, problem) = await JsonBody.ReadAsync(context.Request);
            using (document)
            {
                if (document is null)
                    return problem!;
                problem = ReadNode(document.RootElement, out node);
                if (problem is not null)
                    return problem;
            }
        }

        if (await registry.DrainAsync(node) is not { } draining)
            return Problem.Unknown("node");
        audit.Write(context, "node-drained", draining);
        return Results.Json(
            new DrainDocument(draining), AdminJson.Default.DrainDocument, statusCode: StatusCodes.Status202Accepted);
    }

    private static Problem? ReadNode(JsonElement document, out string? node)
    {
        node = null;
        foreach (var field in document.EnumerateObject())
        {
            if (field.Name != "node")
                return Problem.BadFields([new FieldProblem(field.Name, "unknown field; known here: node")]);
            node = JsonBody.TextOf(field.Value);
            if (string.IsNullOrEmpty(node))
                return Problem.BadFields([new FieldProblem("node", "expected a node's name; leave it out for the one asked")]);
        }

        return null;
    }
}
