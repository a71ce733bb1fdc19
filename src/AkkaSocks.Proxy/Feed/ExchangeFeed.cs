using Akka.Actor;
using AkkaSocks.Proxy.Capture;
using IClusterMessage = AkkaSocks.Proxy.Auth.IClusterMessage;

namespace AkkaSocks.Proxy.Feed;

/// <summary>
/// The actor at <c>/user/exchanges</c>: tells readers which exchanges end in the whole cluster. While nobody wants to know exchanges tell
/// it nothing.
/// </summary>
/// <remarks>
/// What nobody wants is left out where it ends, so that it takes nobody's place. Everything on the way is bounded and drops the oldest:
/// what waits here, a frame, and the reader's own queue. What was dropped is counted and told.
/// </remarks>
internal sealed class ExchangeFeed : ClusterFeed<ExchangeFilter>
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "exchanges";

    private readonly string _nodeName;
    private readonly Func<CaptureRing?> _ring;
    private readonly WaitingExchanges _waiting;
    private IDisposable? _listening;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public ExchangeFeed(string nodeName, Func<CaptureRing?> ring)
        : base(Name) => (_nodeName, _ring, _waiting) = (nodeName, ring, new WaitingExchanges(nodeName));

    /// <summary>Makes the sender a reader until it stops: it is told <see cref="NodeExchanges"/>, those included that others want.</summary>
    /// <param name="Filter">What it wants.</param>
    internal sealed record Listen(ExchangeFilter Filter);

    /// <summary>The feed of a node.</summary>
    /// <param name="nodeName"><c>node.name</c>.</param>
    /// <param name="ring">What the node remembers; null when it remembers nothing.</param>
    public static Props Props(string nodeName, Func<CaptureRing?> ring) => Akka.Actor.Props.Create(() => new ExchangeFeed(nodeName, ring));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        base.PostStop();
        _listening?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Listen listen:
                AddReader(Sender, listen.Filter);
                break;
            case WatchExchanges watch:
                AddNode(watch.Asker, watch.Filters);
                break;
            case NodeExchanges told:
                Audience.TellReaders(told);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override IClusterMessage Question() => new WatchExchanges(Node, Audience.WantedHere);

    /// <inheritdoc/>
    protected override void Follow(bool isFirst) => _waiting.Wanted = [.. Audience.Wanted];

    /// <inheritdoc/>
    protected override void Rest()
    {
        _listening?.Dispose();
        _listening = null;
        _waiting.Wanted = [];
        _waiting.Clear();
    }

    /// <inheritdoc/>
    protected override void Flush()
    {
        // From the next time on, and also when the node begins to remember while somebody watches.
        _listening ??= _ring()?.Listen(_waiting.Add);
        var exchanges = _waiting.Take(out var lost);
        _ring()?.CountUntold(lost);
        if (!exchanges.IsEmpty || lost > 0)
            Audience.Tell(new NodeExchanges(Node, _nodeName, lost, exchanges));
    }
}
