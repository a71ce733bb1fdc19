using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>What nodes did in the last minutes, as the one that is asked has heard it.</summary>
/// <param name="WindowSeconds">How far it reaches back.</param>
/// <param name="Nodes">The nodes, those that have just left included.</param>
internal sealed record HistoryDocument(double WindowSeconds, ImmutableArray<NodeHistoryDocument> Nodes)
{
    /// <summary>The document of a history.</summary>
    public static HistoryDocument Of(AuthRegistry.History history) => new(
        NodeHistory.Window.TotalSeconds,
        [.. history.Nodes.Select(line => new NodeHistoryDocument(line.Node, [.. line.Points.Select(HistoryPointDocument.Of)]))]);
}

/// <summary>What a node did.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Points">Some 5 s apart, the oldest first.</param>
internal sealed record NodeHistoryDocument(string Name, ImmutableArray<HistoryPointDocument> Points);

/// <summary>What a node did at a time.</summary>
/// <param name="AgeSeconds">How long ago.</param>
/// <param name="Sessions">Sessions it had.</param>
/// <param name="AcceptedPerSecond">Connections.</param>
/// <param name="RefusedPerSecond">Refusals.</param>
/// <param name="ClientToDestinationPerSecond">Bytes.</param>
/// <param name="DestinationToClientPerSecond">Bytes.</param>
/// <param name="BusiestLoop">Of the busiest event loop the share of time it worked, from 0 to 1.</param>
internal sealed record HistoryPointDocument(
    double AgeSeconds,
    int Sessions,
    double AcceptedPerSecond,
    double RefusedPerSecond,
    double ClientToDestinationPerSecond,
    double DestinationToClientPerSecond,
    double BusiestLoop)
{
    /// <summary>The document of a point.</summary>
    public static HistoryPointDocument Of(NodeHistory.Point point) => new(
        Math.Round(point.Age.TotalSeconds, 1),
        point.Sessions,
        Math.Round(point.Accepted, 1),
        Math.Round(point.Refused, 1),
        Math.Round(point.Up),
        Math.Round(point.Down),
        Math.Round(point.Busiest, 3));
}
