using System.Globalization;
using AkkaSocks.Proxy.Settings.Reading;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>GET /v1/actors?node=&amp;depth=&amp;top=</c>: the live actors of a node, whichever is asked.</summary>
internal sealed class ActorEndpoints(RegistryLink registry)
{
    private const int UsualDepth = 3, MaxDepth = 10, UsualTop = 20, MaxTop = 1000;

    /// <summary>Its parameters.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("node", "A node's name; the one that is asked unless given."),
        new("depth", $"Levels of the tree, from 1 to {MaxDepth}; {UsualDepth} unless given."),
        new("top", $"Children of an actor that are shown, from 1 to {MaxTop}; {UsualTop} unless given."),
    ];

    /// <summary>The tree, its first levels, and of each actor the children with the most messages waiting.</summary>
    public async Task<IResult> GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!TryRead(query, "depth", UsualDepth, MaxDepth, out var depth))
            return Problem.BadParameter("depth", $"expected a whole number from 1 to {MaxDepth}");
        if (!TryRead(query, "top", UsualTop, MaxTop, out var top))
            return Problem.BadParameter("top", $"expected a whole number from 1 to {MaxTop}");
        if (query["node"] is [{ } node, ..] && NodeNameText.Read(node, out _) is { } expected)
            return Problem.BadParameter("node", $"expected {expected}");
        var actors = await registry.ActorsAsync(query["node"], depth, top);
        return actors.Node is not { } name ? Problem.Unknown("node")
            : actors.View is not { } view ? Problem.NoAnswer()
            : Results.Json(
                new ActorTreeDocument(
                    name,
                    [.. view.Types.Select(ActorTypeDocument.Of)],
                    [.. view.Messages.Select(MessageProfileDocument.Of)],
                    [.. view.Roots.Select(ActorDocument.Of)],
                    view.IsCut),
                AdminJson.Default.ActorTreeDocument);
    }

    private static bool TryRead(IQueryCollection query, string name, int usual, int max, out int value)
    {
        value = usual;
        return !query.TryGetValue(name, out var texts)
            || (texts is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= max);
    }
}
