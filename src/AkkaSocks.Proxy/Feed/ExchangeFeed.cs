using Akka.Actor;
using Akka.Cluster;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Feed;

/// <summary>
/// The actor at <c>/user/exchanges</c>, one per node: tells readers of this node which exchanges end in the whole cluster. Without a
/// reader anywhere it does nothing, and exchanges tell it nothing.
/// </summary>
/// <remarks>
/// <code>
/// reader ─► Listen ─► feed ── WatchExchanges, every 4 s ──► feeds of the other nodes
///   ▲                  │ ▲                                    │ for 12 s they listen to their rings
///   └─ NodeExchanges ──┘ └──── NodeExchanges every 250 ms ────┘
/// </code>
/// What nobody wants is left out where it ends, so that it takes nobody's place. Everything on the way is bounded and drops the oldest:
/// what waits here, a frame, and the reader's own queue. What was dropped is counted and told.
/// </remarks>
internal sealed class ExchangeFeed : MeasuredActor, IWithTimers
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "exchanges";

    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(250);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly NodeIncarnation _self;
    private readonly string _nodeName;
    private readonly Func<CaptureRing?> _ring;
    private readonly OtherFeeds _others;
    private readonly Audience<ExchangeFilter> _audience;
    private readonly WaitingExchanges _waiting;
    private IDisposable? _listening;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public ExchangeFeed(string nodeName, Func<CaptureRing?> ring)
    {
        (_nodeName, _ring, _waiting) = (nodeName, ring, new WaitingExchanges(nodeName));
        _self = ClusterView.NameOf(_cluster.SelfUniqueAddress);
        _others = new OtherFeeds(Context.System, _self, Name, Self);
        _audience = new Audience<ExchangeFilter>(_others);
    }

    /// <summary>Makes the sender a reader until it stops: it is told <see cref="NodeExchanges"/>, those included that others want.</summary>
    /// <param name="Filter">What it wants.</param>
    internal sealed record Listen(ExchangeFilter Filter);

    private enum Tick
    {
        Watch,
        Flush,
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The feed of a node.</summary>
    /// <param name="nodeName"><c>node.name</c>.</param>
    /// <param name="ring">What the node remembers; null when it remembers nothing.</param>
    public static Props Props(string nodeName, Func<CaptureRing?> ring) => Akka.Actor.Props.Create(() => new ExchangeFeed(nodeName, ring));

    /// <inheritdoc/>
    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
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
            case Terminated { ActorRef: var reader }:
                RemoveReader(reader);
                break;
            case WatchExchanges watch when _others.Has(watch.Asker):
                _audience.Add(watch.Asker, watch.Filters);
                Follow();
                break;
            case WatchExchanges:
                // It asks again, when it has been heard of as a member.
                break;
            case NodeExchanges told:
                _audience.TellReaders(told);
                break;
            case ClusterEvent.MemberRemoved { Member: var member }:
                var gone = ClusterView.NameOf(member.UniqueAddress);
                _others.Remove(gone);
                _audience.Remove(gone);
                Follow();
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                if (_others.Add(member) && _audience.HasReaders)
                    _others.Tell(ClusterView.NameOf(member.UniqueAddress), Question());
                break;
            case Tick.Watch:
                _others.TellAll(Question());
                break;
            case Tick.Flush:
                Flush();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AddReader(IActorRef reader, ExchangeFilter filter)
    {
        _audience.Add(reader, filter);
        Context.Watch(reader);
        _others.TellAll(Question());
        if (!Timers.IsTimerActive(Tick.Watch))
            Timers.StartPeriodicTimer(Tick.Watch, Tick.Watch, WatchEvery);
        Follow();
    }

    private void RemoveReader(IActorRef reader)
    {
        _audience.Remove(reader);
        if (!_audience.HasReaders)
            Timers.Cancel(Tick.Watch);
        Follow();
    }

    private WatchExchanges Question() => new(_self, _audience.WantedHere);

    /// <summary>Listens to this node's ring as long as somebody wants to know, and to what they want.</summary>
    private void Follow()
    {
        _waiting.Wanted = [.. _audience.Wanted];
        if (_audience.IsEmpty != Timers.IsTimerActive(Tick.Flush))
            return;
        if (!_audience.IsEmpty)
        {
            Timers.StartPeriodicTimer(Tick.Flush, Tick.Flush, TimeSpan.Zero, FlushEvery);
        }
        else
        {
            _listening?.Dispose();
            _listening = null;
            _waiting.Clear();
            Timers.Cancel(Tick.Flush);
        }
    }

    private void Flush()
    {
        // From the next time on, and also when the node begins to remember while somebody watches.
        _listening ??= _ring()?.Listen(_waiting.Add);
        var exchanges = _waiting.Take(out var lost);
        _ring()?.CountUntold(lost);
        if (!exchanges.IsEmpty || lost > 0)
            _audience.Tell(new NodeExchanges(_self, _nodeName, lost, exchanges));
        if (_audience.ForgetTheSilent())
            Follow();
    }
}
