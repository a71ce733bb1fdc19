using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What a node is doing, in numbers: totals since it started, and what they grew by in the last seconds.</summary>
internal sealed record NodeFigures
{
    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>Since the node started.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Connections accepted, those that were refused included.</summary>
    public required long Accepted { get; init; }

    /// <summary>Bytes from clients to destinations, those of running sessions included.</summary>
    public required long ClientToDestination { get; init; }

    /// <summary>Bytes from destinations to clients, those of running sessions included.</summary>
    public required long DestinationToClient { get; init; }

    /// <summary>Connections accepted per second.</summary>
    public required double AcceptedPerSecond { get; init; }

    /// <summary>Bytes per second from clients to destinations.</summary>
    public required double ClientToDestinationPerSecond { get; init; }

    /// <summary>Bytes per second from destinations to clients.</summary>
    public required double DestinationToClientPerSecond { get; init; }

    /// <summary>Of each event loop, the share of time it worked, from 0 to 1; empty where there are none.</summary>
    public required ImmutableArray<double> LoopsBusy { get; init; }

    /// <summary>Cores the process used, in cores: 0.5 is half of one.</summary>
    public required double Processors { get; init; }

    /// <summary>Memory of the process (RSS), in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Since the node began to drain; null when it does not.</summary>
    public required TimeSpan? Draining { get; init; }

    /// <summary>Time that its sessions have left; null when it does not drain.</summary>
    public TimeSpan? DrainLeft { get; init; }

    /// <summary>Which configuration it goes by; null from a node that does not tell.</summary>
    public ConfigVersion? Config { get; init; }

    /// <summary>Refusals since the start, by the label of the reason; reasons that did not occur are not there.</summary>
    public required ImmutableSortedDictionary<string, long> Refusals { get; init; }
}
