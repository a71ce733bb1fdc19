using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// The actors of this node for whoever asks: the tree, and of each type and each message what was done since they were last looked at.
/// Any thread may call it, but no event loop.
/// </summary>
/// <param name="tree">The tree.</param>
/// <param name="metrics">The figures by type.</param>
/// <param name="clock">For rates.</param>
internal sealed class ActorViews(ActorTree tree, ActorMetrics metrics, TimeProvider clock)
{
    // Of one message in 64 the time is taken: percentiles want some more of them than means.
    private readonly Lookback<ImmutableDictionary<string, ActorTypeSummary>> _types = new(clock, TimeSpan.FromSeconds(4));
    private readonly Lookback<ImmutableDictionary<(string, string), MessageReading>> _messages = new(clock, TimeSpan.FromSeconds(10));

    /// <summary>Reads the tree and the types; null when the tree could not be had in time.</summary>
    /// <inheritdoc cref="ActorTree.ReadAsync"/>
    public async Task<ActorView?> ReadAsync(int depth, int top)
    {
        var (types, messages) = (Types(), Messages());
        return await tree.ReadAsync(depth, top, CancellationToken.None).ConfigureAwait(false) is { } view
            ? new ActorView(types, view.Roots, view.IsCut) { Messages = messages }
            : null;
    }

    /// <summary>Notes what has been done so far, to be compared with later. To be called every few seconds.</summary>
    public void TakeStock()
    {
        _types.Note(() => metrics.Summaries().ToImmutableDictionary(type => type.Name));
        _messages.Note(() => metrics.Messages().ToImmutableDictionary(message => (message.Actor, message.Message)));
    }

    private ImmutableArray<ActorTypeSummary> Types()
    {
        var (then, ago) = _types.Find();
        return [.. metrics.Summaries().Select(type =>
            ago is { } time && then!.TryGetValue(type.Name, out var earlier) ? type.Since(earlier, time) : type)];
    }

    private ImmutableArray<MessageProfile> Messages()
    {
        var (then, ago) = _messages.Find();
        return
        [
            .. metrics.Messages()
                .Select(message => MessageProfile.Of(message, then?.GetValueOrDefault((message.Actor, message.Message)), ago))
                .OrderByDescending(it => it.Busy).ThenByDescending(it => it.Handled)
                .ThenBy(it => it.Actor, StringComparer.Ordinal).ThenBy(it => it.Message, StringComparer.Ordinal)
                .Take(ActorView.MostMessages),
        ];
    }
}
