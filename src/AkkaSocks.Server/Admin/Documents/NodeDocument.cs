using System.Collections.Immutable;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A node as the API shows it.</summary>
/// <param name="Name"><c>node.name</c>.</param>
/// <param name="Address">Where the other nodes reach it.</param>
/// <param name="State">Its place in the cluster: joining, up, leaving, unreachable and so on.</param>
/// <param name="IsSelf">It is the one that answers.</param>
/// <param name="IsDraining">It takes no new sessions.</param>
/// <param name="Sessions">Sessions it has now.</param>
internal sealed record NodeDocument(string Name, string Address, string State, bool IsSelf, bool IsDraining, int Sessions);

/// <summary>All nodes.</summary>
/// <param name="Items">They.</param>
internal sealed record NodeList(ImmutableArray<NodeDocument> Items);

/// <summary>A node that drains from now on.</summary>
/// <param name="Node">Its name.</param>
internal sealed record DrainDocument(string Node);
