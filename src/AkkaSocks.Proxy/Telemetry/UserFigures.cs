using System.Collections.Concurrent;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>Figures by user, of the few who moved the most bytes (<c>metrics.per-user</c>). Only who has logged in is a user.</summary>
/// <param name="top">How many have series.</param>
internal sealed class UserFigures(int top)
{
    // Users who were ever here; whoever comes when that many are known has no figures.
    private const int MostUsers = 100_000;
    private static readonly string[] User = ["user"], UserAndDirection = ["user", "direction"];

    private readonly ConcurrentDictionary<UserName, Totals> _users = new();

    private sealed class Totals
    {
        public long Up, Down;
        public int Sessions;
    }

    /// <summary>Declares the metrics.</summary>
    public void Declare(MetricSet metrics)
    {
        metrics.Gauge(
            "akkasocks.user.sessions",
            "{session}",
            "Sessions of a user on this node now, of those users who moved the most bytes.",
            User,
            () => Top().Select(it => new Series([$"{it.Key}"], it.Value.Sessions)));
        metrics.Counter(
            "akkasocks.user.bytes",
            "By",
            "Bytes of a user through this node, of those users who moved the most.",
            UserAndDirection,
            () => Top().SelectMany(it => new Series[]
            {
                new([$"{it.Key}", ProxyMetrics.Up], Volatile.Read(ref it.Value.Up)),
                new([$"{it.Key}", ProxyMetrics.Down], Volatile.Read(ref it.Value.Down)),
            }));
    }

    /// <summary>Bytes of a user.</summary>
    public void Carried(UserName user, long up, long down)
    {
        if (Of(user) is not { } totals)
            return;
        Interlocked.Add(ref totals.Up, up);
        Interlocked.Add(ref totals.Down, down);
    }

    /// <summary>Sets the sessions there are now.</summary>
    /// <param name="sessions">The user of each.</param>
    public void Count(IEnumerable<UserName> sessions)
    {
        foreach (var totals in _users.Values)
            totals.Sessions = 0;
        foreach (var user in sessions)
        {
            if (Of(user) is { } totals)
                totals.Sessions++;
        }
    }

    private Totals? Of(UserName user) =>
        _users.TryGetValue(user, out var totals) ? totals : _users.Count < MostUsers ? _users.GetOrAdd(user, static _ => new Totals()) : null;

    private IEnumerable<KeyValuePair<UserName, Totals>> Top() => _users
        .OrderByDescending(it => Volatile.Read(ref it.Value.Up) + Volatile.Read(ref it.Value.Down)).ThenByDescending(it => it.Value.Sessions).Take(top);
}
