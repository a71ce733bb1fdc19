using System.Text.Json;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/nodes</c> and <c>/v1/drain</c>.</summary>
internal sealed class NodeEndpoints(RegistryLink registry)
{
    /// <summary><c>GET /v1/nodes</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext context) => Results.Json(
        new NodeList([.. (await registry.NodesAsync()).Select(node =>
            new NodeDocument(node.Name, node.Address, node.State, node.IsSelf, node.IsDraining, node.Sessions))]),
        AdminJson.Default.NodeList);

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
