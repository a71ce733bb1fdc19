using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A node as the API shows it.</summary>
/// <param name="Name"><c>node.name</c>.</param>
/// <param name="Address">Where the other nodes reach it.</param>
/// <param name="State">Its place in the cluster: joining, up, leaving, unreachable and so on.</param>
/// <param name="IsSelf">It is the one that answers.</param>
/// <param name="IsDraining">It takes no new sessions.</param>
/// <param name="Sessions">Sessions it has now.</param>
/// <param name="Figures">What it does, at most 5 s old; null until it has told.</param>
internal sealed record NodeDocument(
    string Name, string Address, string State, bool IsSelf, bool IsDraining, int Sessions, FiguresDocument? Figures)
{
    /// <summary>The document of a node.</summary>
    public static NodeDocument Of(AuthRegistry.NodeStatus node) => new(
        node.Name,
        node.Address,
        node.State,
        node.IsSelf,
        node.IsDraining,
        node.Sessions,
        node.Figures is { } figures ? FiguresDocument.Of(figures) : null);
}

/// <summary>All nodes.</summary>
/// <param name="Items">They.</param>
internal sealed record NodeList(ImmutableArray<NodeDocument> Items);

/// <summary>The node that answers.</summary>
/// <param name="Node">What any other could say of it too.</param>
/// <param name="Listeners">Where clients come in.</param>
/// <param name="MayWrite">The token that this was asked with may change things.</param>
internal sealed record SelfDocument(NodeDocument Node, ImmutableArray<ListenerDocument> Listeners, bool MayWrite);

/// <summary>A listener.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Endpoint">Where it listens.</param>
internal sealed record ListenerDocument(string Name, string Endpoint);

/// <summary>A node that drains from now on.</summary>
/// <param name="Node">Its name.</param>
internal sealed record DrainDocument(string Node);
