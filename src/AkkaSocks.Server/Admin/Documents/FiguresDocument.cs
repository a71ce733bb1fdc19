using System.Collections.Immutable;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>What a node does, in numbers.</summary>
/// <param name="Version">The program's.</param>
/// <param name="UptimeSeconds">Since it started.</param>
/// <param name="Accepted">Connections accepted since then.</param>
/// <param name="ClientToDestination">Bytes since then, those of running sessions included.</param>
/// <param name="DestinationToClient">Bytes since then, those of running sessions included.</param>
/// <param name="AcceptedPerSecond">Connections.</param>
/// <param name="ClientToDestinationPerSecond">Bytes.</param>
/// <param name="DestinationToClientPerSecond">Bytes.</param>
/// <param name="LoopsBusy">Of each event loop the share of time it works, from 0 to 1.</param>
/// <param name="Processors">Cores it uses.</param>
/// <param name="MemoryBytes">Memory of the process.</param>
/// <param name="DrainingSeconds">Since it began to drain; null when it does not.</param>
/// <param name="DrainLeftSeconds">Time that its sessions have left; null when it does not drain.</param>
/// <param name="Config">Which configuration it goes by; null from a node that does not tell.</param>
/// <param name="Refusals">Refusals since it started, by reason.</param>
internal sealed record FiguresDocument(
    string Version,
    double UptimeSeconds,
    long Accepted,
    long ClientToDestination,
    long DestinationToClient,
    double AcceptedPerSecond,
    double ClientToDestinationPerSecond,
    double DestinationToClientPerSecond,
    ImmutableArray<double> LoopsBusy,
    double Processors,
    long MemoryBytes,
    double? DrainingSeconds,
    double? DrainLeftSeconds,
    ConfigDocument? Config,
    ImmutableSortedDictionary<string, long> Refusals)
{
    /// <summary>The document of figures.</summary>
    public static FiguresDocument Of(NodeFigures figures) => new(
        figures.Version,
        Math.Round(figures.Uptime.TotalSeconds, 1),
        figures.Accepted,
        figures.ClientToDestination,
        figures.DestinationToClient,
        Math.Round(figures.AcceptedPerSecond, 1),
        Math.Round(figures.ClientToDestinationPerSecond),
        Math.Round(figures.DestinationToClientPerSecond),
        [.. figures.LoopsBusy.Select(busy => Math.Round(busy, 3))],
        Math.Round(figures.Processors, 3),
        figures.MemoryBytes,
        figures.Draining is { } draining ? Math.Round(draining.TotalSeconds, 1) : null,
        figures.DrainLeft is { } left ? Math.Round(left.TotalSeconds, 1) : null,
        ConfigDocument.Of(figures.Config),
        figures.Refusals);
}
