using System.Collections.Immutable;
using System.Globalization;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>GET /v1/actors?depth=&amp;top=</c>: the live actors of the node that is asked.</summary>
/// <param name="tree">The tree; null until the node has started.</param>
/// <param name="metrics">Figures by type.</param>
internal sealed class ActorEndpoints(Func<ActorTree?> tree, ActorMetrics metrics)
{
    private const int UsualDepth = 3, MaxDepth = 10, UsualTop = 20, MaxTop = 1000;

    private static readonly QueryParameter[] Parameters =
    [
        new("depth", $"Levels of the tree, from 1 to {MaxDepth}; {UsualDepth} unless given."),
        new("top", $"Children of an actor that are shown, from 1 to {MaxTop}; {UsualTop} unless given."),
    ];

    private static readonly string[] Known = [.. Parameters.Select(parameter => parameter.Name)];

    /// <summary>Its path.</summary>
    public AdminRoute Route => new("GET", "/v1/actors", "The live actors of the node that is asked.", GetAsync)
    {
        Query = [.. Parameters], Answer = AdminJson.Default.ActorTreeDocument,
    };

    /// <summary>The tree, its first levels, and of each actor the children with the most messages waiting.</summary>
    public async Task<IResult> GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
            return Problem.BadParameter(unknown, $"unknown; known here: {string.Join(", ", Known)}");
        if (!TryRead(query, "depth", UsualDepth, MaxDepth, out var depth))
            return Problem.BadParameter("depth", $"expected a whole number from 1 to {MaxDepth}");
        if (!TryRead(query, "top", UsualTop, MaxTop, out var top))
            return Problem.BadParameter("top", $"expected a whole number from 1 to {MaxTop}");
        if (tree() is not { } actors || await actors.ReadAsync(depth, top, context.RequestAborted) is not { } view)
            return Problem.NoAnswer();
        var document = new ActorTreeDocument(
            [.. metrics.Summaries().Select(ActorTypeDocument.Of)], [.. view.Roots.Select(ActorDocument.Of)], view.IsCut);
        return Results.Json(document, AdminJson.Default.ActorTreeDocument);
    }

    private static bool TryRead(IQueryCollection query, string name, int usual, int max, out int value)
    {
        value = usual;
        return !query.TryGetValue(name, out var texts)
            || (texts is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= max);
    }
}
