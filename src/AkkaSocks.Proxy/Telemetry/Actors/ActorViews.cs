using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// The actors of this node for whoever asks: the tree, and of each type what it has done since it was last looked at. Any thread may
/// call it, but no event loop.
/// </summary>
/// <param name="tree">The tree.</param>
/// <param name="metrics">The figures by type.</param>
/// <param name="clock">For rates.</param>
internal sealed class ActorViews(ActorTree tree, ActorMetrics metrics, TimeProvider clock)
{
    // Over less a rate is noise, and of one message in 64 the time is taken.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(4);

    private readonly Lock _turn = new();
    private Stock? _before, _last;

    private sealed record Stock(long At, ImmutableDictionary<string, ActorTypeSummary> Types);

    /// <summary>Reads the tree and the types; null when the tree could not be had in time.</summary>
    /// <inheritdoc cref="ActorTree.ReadAsync"/>
    public async Task<ActorView?> ReadAsync(int depth, int top)
    {
        var types = Types();
        return await tree.ReadAsync(depth, top, CancellationToken.None).ConfigureAwait(false) is { } view
            ? new ActorView(types, view.Roots, view.IsCut)
            : null;
    }

    /// <summary>Notes what has been done so far, to be compared with later. To be called every few seconds.</summary>
    public void TakeStock()
    {
        lock (_turn)
        {
            var now = clock.GetTimestamp();
            if (_last is { } last && clock.GetElapsedTime(last.At, now) < Shortest)
                return;
            _before = _last;
            _last = new Stock(now, metrics.Summaries().ToImmutableDictionary(type => type.Name));
        }
    }

    private ImmutableArray<ActorTypeSummary> Types()
    {
        lock (_turn)
        {
            var now = clock.GetTimestamp();

            // The last stock may be of a moment ago.
            var then = _last is { } last && clock.GetElapsedTime(last.At, now) >= Shortest ? last : _before;
            return [.. metrics.Summaries().Select(type => then is not null && then.Types.TryGetValue(type.Name, out var earlier)
                ? type.Since(earlier, clock.GetElapsedTime(then.At, now))
                : type)];
        }
    }
}
