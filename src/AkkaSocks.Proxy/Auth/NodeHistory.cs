using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// What every node did in the last minutes, as one registry was told it: a few points for each, so that a chart need not begin empty.
/// For the registry's own use.
/// </summary>
/// <remarks>Nobody sends anything for it: nodes tell each other of themselves every 5 s anyway.</remarks>
/// <param name="clock">For the age of points.</param>
internal sealed class NodeHistory(TimeProvider clock)
{
    /// <summary>How far it reaches back.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    // Reports come every 5 s, and oftener when nodes meet or drain.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(4);
    private const int MostPoints = 80;

    private readonly SortedDictionary<string, Queue<Entry>> _nodes = new(StringComparer.Ordinal);

    private readonly record struct Entry(long At, long RefusedSoFar, Point Point);

    /// <summary>What a node did at a time.</summary>
    /// <param name="Age">How long ago.</param>
    /// <param name="Sessions">Sessions it had.</param>
    /// <param name="Accepted">Connections per second.</param>
    /// <param name="Refused">Refusals per second.</param>
    /// <param name="Up">Bytes per second from clients to destinations.</param>
    /// <param name="Down">Bytes per second from destinations to clients.</param>
    /// <param name="Busiest">Of the busiest event loop the share of time that it worked, from 0 to 1.</param>
    internal readonly record struct Point(TimeSpan Age, int Sessions, double Accepted, double Refused, double Up, double Down, double Busiest);

    /// <summary>One node's points, the oldest first.</summary>
    internal sealed record Line(string Node, ImmutableArray<Point> Points);

    /// <summary>A node has told of itself.</summary>
    public void Note(NodeReport report)
    {
        if (report.Figures is { } figures)
            Note(report.Name, report.Sessions, figures);
    }

    /// <summary>Notes what a node does.</summary>
    public void Note(string node, int sessions, NodeFigures figures)
    {
        if (!_nodes.TryGetValue(node, out var points))
            _nodes.Add(node, points = new Queue<Entry>());
        var now = clock.GetTimestamp();
        Entry? before = points.Count > 0 ? points.Last() : null;
        if (before is { } last && clock.GetElapsedTime(last.At, now) < Shortest)
            return;
        var refused = figures.Refusals.Values.Sum();
        points.Enqueue(new Entry(now, refused, new Point(
            TimeSpan.Zero,
            sessions,
            figures.AcceptedPerSecond,
            before is { } earlier ? Math.Max(0, refused - earlier.RefusedSoFar) / clock.GetElapsedTime(earlier.At, now).TotalSeconds : 0,
            figures.ClientToDestinationPerSecond,
            figures.DestinationToClientPerSecond,
            figures.LoopsBusy.DefaultIfEmpty().Max())));
        if (points.Count > MostPoints)
            points.Dequeue();
    }

    /// <summary>What there is of the last minutes.</summary>
    public ImmutableArray<Line> Read()
    {
        var now = clock.GetTimestamp();
        foreach (var (node, points) in _nodes.ToList())
        {
            while (points.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At, now) > Window)
                points.Dequeue();
            if (points.Count == 0)
                _nodes.Remove(node);
        }

        return [.. _nodes.Select(it => new Line(
            it.Key, [.. it.Value.Select(entry => entry.Point with { Age = clock.GetElapsedTime(entry.At, now) })]))];
    }
}
