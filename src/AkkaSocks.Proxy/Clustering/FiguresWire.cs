using System.Collections.Immutable;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frame of <see cref="NodeFigures"/>.</summary>
internal static class FiguresWire
{
    /// <summary>The frame of figures.</summary>
    public static NodeFiguresFrame Write(NodeFigures figures)
    {
        var frame = new NodeFiguresFrame
        {
            Version = figures.Version,
            UptimeMs = (long)figures.Uptime.TotalMilliseconds,
            Accepted = figures.Accepted,
            Up = figures.ClientToDestination,
            Down = figures.DestinationToClient,
            AcceptedPerSecond = figures.AcceptedPerSecond,
            UpPerSecond = figures.ClientToDestinationPerSecond,
            DownPerSecond = figures.DestinationToClientPerSecond,
            LoopsBusy = { figures.LoopsBusy },
            Processors = figures.Processors,
            MemoryBytes = figures.MemoryBytes,
            Refusals = { figures.Refusals.Select(it => new RefusalsFrame { Reason = it.Key, Count = it.Value }) },
        };
        if (figures.Draining is { } draining)
            frame.DrainingMs = (long)draining.TotalMilliseconds;
        if (figures.DrainLeft is { } left)
            frame.DrainLeftMs = (long)left.TotalMilliseconds;
        if (figures.Config is { } config)
            frame.Config = new ConfigFrame { Epoch = config.Epoch, Hash = config.Hash, NeedsRestart = config.NeedsRestart };
        return frame;
    }

    /// <summary>The figures of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">They cannot be.</exception>
    public static NodeFigures Read(NodeFiguresFrame frame) => new()
    {
        Version = frame.Version,
        Uptime = TimeSpan.FromMilliseconds(frame.UptimeMs),
        Accepted = frame.Accepted,
        ClientToDestination = frame.Up,
        DestinationToClient = frame.Down,
        AcceptedPerSecond = Finite(frame.AcceptedPerSecond),
        ClientToDestinationPerSecond = Finite(frame.UpPerSecond),
        DestinationToClientPerSecond = Finite(frame.DownPerSecond),
        LoopsBusy = [.. frame.LoopsBusy.Select(Finite)],
        Processors = Finite(frame.Processors),
        MemoryBytes = frame.MemoryBytes,
        Draining = frame.HasDrainingMs ? TimeSpan.FromMilliseconds(frame.DrainingMs) : null,
        DrainLeft = frame.HasDrainLeftMs ? TimeSpan.FromMilliseconds(frame.DrainLeftMs) : null,
        Config = frame.Config is { } config ? new ConfigVersion(config.Epoch, config.Hash, config.NeedsRestart) : null,
        Refusals = frame.Refusals.DistinctBy(it => it.Reason)
            .ToImmutableSortedDictionary(it => it.Reason, it => it.Count, StringComparer.Ordinal),
    };

    /// <summary>A number that a document can hold.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It is none.</exception>
    public static double Finite(double value) =>
        double.IsFinite(value) ? value : throw NodeWire.Impossible("a figure that is no number");
}
