using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Capture;

/// <summary>Exchanges of one node or of several, the latest to end first.</summary>
/// <param name="Items">They; fewer than were asked for even where <paramref name="HasMore"/>.</param>
/// <param name="HasMore">There may be more behind the last one.</param>
internal sealed record ExchangeList(ImmutableArray<ExchangeSummary> Items, bool HasMore)
{
    // Half the frame of 128,000 bytes that remoting would drop without a word.
    private const int MaxBytes = 64_000;

    /// <summary>None.</summary>
    public static readonly ExchangeList Empty = new([], HasMore: false);

    /// <summary>Exchanges of a node, as many as fit into a frame. Looks at all of them.</summary>
    /// <param name="ring">What the node remembers.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">Behind which; null for the first ones.</param>
    /// <param name="count">Exchanges at most.</param>
    public static ExchangeList Of(CaptureRing ring, string node, ExchangeFilter filter, ExchangePlace? after, int count)
    {
        var behind = ring.All()
            .Where(filter.Passes)
            .Select(exchange => (Place: ExchangePlace.Of(exchange, node), Exchange: exchange))
            .Where(it => after is not { } last || it.Place.CompareTo(last) > 0)
            .ToList();
        var wanted = behind.OrderBy(it => it.Place).Take(count).Select(it => ExchangeSummary.Of(it.Exchange, node));
        var items = Fitting(wanted);
        return new ExchangeList(items, items.Length < behind.Count);
    }

    /// <summary>One list of several. Behind the last exchange of a list that has more, others' exchanges wait for the next page.</summary>
    public static ExchangeList Merge(IReadOnlyCollection<ExchangeList> lists, int count)
    {
        var ends = lists.Where(list => list.HasMore).Select(list => list.Items[^1].Place).Order().ToList();
        var all = lists.SelectMany(list => list.Items).OrderBy(exchange => exchange.Place).ToList();
        ImmutableArray<ExchangeSummary> items =
        [
            .. all.TakeWhile(exchange => ends.Count == 0 || exchange.Place.CompareTo(ends[0]) <= 0).Take(count),
        ];
        return new ExchangeList(items, items.Length < all.Count || ends.Count > 0);
    }

    /// <summary>The first of some exchanges, as many as fit into a frame; one at least.</summary>
    public static ImmutableArray<ExchangeSummary> Fitting(IEnumerable<ExchangeSummary> exchanges)
    {
        var items = ImmutableArray.CreateBuilder<ExchangeSummary>();
        var bytes = 0;
        foreach (var exchange in exchanges)
        {
            bytes += exchange.Size;
            if (bytes > MaxBytes && items.Count > 0)
                break;
            items.Add(exchange);
        }

        return items.ToImmutable();
    }
}
