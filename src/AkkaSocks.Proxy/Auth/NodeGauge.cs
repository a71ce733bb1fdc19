using System.Collections.Immutable;
using System.Reflection;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// Reads the node's figures. Any thread may call it. Bytes of running sessions are added up session by session: 100,000 take some
/// milliseconds, so it is not called on an event loop or within an actor.
/// </summary>
/// <param name="metrics">What is counted anyway.</param>
/// <param name="drain">Whether it drains.</param>
/// <param name="clock">For rates.</param>
internal sealed class NodeGauge(ProxyMetrics metrics, NodeDrain drain, TimeProvider clock)
{
    // Over less, a rate is noise; whoever asks more often gets the same figures again.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(900);

    /// <summary>Which configuration the node goes by.</summary>
    public Func<ConfigVersion?> Config { get; init; } = static () => null;

    private static readonly string Version = typeof(NodeGauge).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly Lock _turn = new();
    private readonly long _startedAt = clock.GetTimestamp();
    private Reading? _last;
    private NodeFigures? _figures;

    private sealed record Reading(long At, long Accepted, long Up, long Down, TimeSpan Cpu, ImmutableArray<TimeSpan> Busy);

    /// <summary>The figures of now, or of less than a second ago.</summary>
    public NodeFigures Take()
    {
        lock (_turn)
        {
            if (_last is { } last && _figures is { } fresh && clock.GetElapsedTime(last.At) < Shortest)
                return _figures = fresh with { DrainLeft = drain.Left, Config = Config() };
            var now = Read();
            _figures = FiguresOf(_last ?? new Reading(_startedAt, 0, 0, 0, now.Cpu, [.. now.Busy.Select(_ => TimeSpan.Zero)]), now);
            _last = now;
            return _figures;
        }
    }

    private Reading Read()
    {
        metrics.Sessions.TakeStock();
        var (up, down) = metrics.Sessions.Bytes;
        return new Reading(
            clock.GetTimestamp(),
            metrics.Sessions.Accepted,
            up,
            down,
            Environment.CpuUsage.TotalTime,
            metrics.LoopsBusy);
    }

    private NodeFigures FiguresOf(Reading before, Reading now)
    {
        var seconds = Math.Max(clock.GetElapsedTime(before.At, now.At).TotalSeconds, 0.001);
        return new NodeFigures
        {
            Version = Version,
            Uptime = clock.GetElapsedTime(_startedAt, now.At),
            Accepted = now.Accepted,
            ClientToDestination = now.Up,
            DestinationToClient = now.Down,
            AcceptedPerSecond = (now.Accepted - before.Accepted) / seconds,
            ClientToDestinationPerSecond = (now.Up - before.Up) / seconds,
            DestinationToClientPerSecond = (now.Down - before.Down) / seconds,
            LoopsBusy = [.. now.Busy.Zip(before.Busy, (to, from) => Math.Clamp((to - from).TotalSeconds / seconds, 0, 1))],
            Processors = (now.Cpu - before.Cpu).TotalSeconds / seconds,
            MemoryBytes = Environment.WorkingSet,
            Draining = drain.BegunAt is { } begun ? TimeProvider.System.GetElapsedTime(begun) : null,
            DrainLeft = drain.Left,
            Config = Config(),
            Refusals = metrics.Sessions.RefusalsByReason,
        };
    }
}
