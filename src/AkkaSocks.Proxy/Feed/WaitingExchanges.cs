using System.Collections.Immutable;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Feed;

/// <summary>Exchanges that have ended and are to be told; when there are too many the oldest are lost. For several threads.</summary>
/// <param name="node">The name of the node.</param>
internal sealed class WaitingExchanges(string node)
{
    // Told every quarter of a second, that is four thousand a second, which is more than anybody reads.
    private const int Most = 1024;

    private readonly EventRing<ExchangeSummary> _waiting = new(Most);
    private ImmutableList<ExchangeFilter> _wanted = [];

    /// <summary>Which are to be told: those that pass one of these.</summary>
    public ImmutableList<ExchangeFilter> Wanted
    {
        set => Volatile.Write(ref _wanted, value);
    }

    /// <summary>An exchange has ended.</summary>
    public void Add(CapturedExchange exchange)
    {
        if (Volatile.Read(ref _wanted).Exists(filter => filter.Passes(exchange)))
            _waiting.Add(ExchangeSummary.Of(exchange, node));
    }

    /// <summary>Takes them, as many as fit into a frame: the latest, so that what is told is what has just happened.</summary>
    /// <param name="lost">How many were lost, and how many do not fit.</param>
    public ImmutableArray<ExchangeSummary> Take(out long lost)
    {
        var waiting = _waiting.Take(Most, out lost);
        var told = ExchangeList.Fitting(Enumerable.Reverse(waiting));
        lost += waiting.Count - told.Length;
        return [.. told.Reverse()];
    }

    /// <summary>Forgets them.</summary>
    public void Clear() => _waiting.Clear();
}
