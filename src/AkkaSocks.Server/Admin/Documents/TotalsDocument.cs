using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>What the cluster does: its nodes added up. What nodes did that have left is not in it.</summary>
/// <param name="Nodes">How many nodes there are.</param>
/// <param name="Sessions">Sessions now.</param>
/// <param name="Users">Users there are.</param>
/// <param name="Accepted">Connections accepted since each node started.</param>
/// <param name="ClientToDestination">Bytes since then.</param>
/// <param name="DestinationToClient">Bytes since then.</param>
/// <param name="AcceptedPerSecond">Connections.</param>
/// <param name="ClientToDestinationPerSecond">Bytes.</param>
/// <param name="DestinationToClientPerSecond">Bytes.</param>
/// <param name="Refusals">Refusals since then, by reason.</param>
/// <param name="Silent">Names of nodes that have told no figures, so they are missing.</param>
internal sealed record TotalsDocument(
    int Nodes,
    long Sessions,
    int Users,
    long Accepted,
    long ClientToDestination,
    long DestinationToClient,
    double AcceptedPerSecond,
    double ClientToDestinationPerSecond,
    double DestinationToClientPerSecond,
    ImmutableSortedDictionary<string, long> Refusals,
    ImmutableArray<string> Silent)
{
    /// <summary>The document of all nodes.</summary>
    public static TotalsDocument Of(IReadOnlyList<AuthRegistry.NodeStatus> nodes, int users)
    {
        var figures = nodes.Where(node => node.Figures is not null).Select(node => FiguresDocument.Of(node.Figures!)).ToList();
        return new TotalsDocument(
            nodes.Count,
            nodes.Sum(node => (long)node.Sessions),
            users,
            figures.Sum(it => it.Accepted),
            figures.Sum(it => it.ClientToDestination),
            figures.Sum(it => it.DestinationToClient),
            Math.Round(figures.Sum(it => it.AcceptedPerSecond), 1),
            figures.Sum(it => it.ClientToDestinationPerSecond),
            figures.Sum(it => it.DestinationToClientPerSecond),
            figures.SelectMany(it => it.Refusals).GroupBy(it => it.Key).ToImmutableSortedDictionary(
                reason => reason.Key, reason => reason.Sum(it => it.Value), StringComparer.Ordinal),
            [.. nodes.Where(node => node.Figures is null).Select(node => node.Name)]);
    }
}
