using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using IClusterMessage = AkkaSocks.Proxy.Auth.IClusterMessage;

namespace AkkaSocks.Proxy.Feed;

/// <summary>
/// The actor at <c>/user/feed</c>, one per node: tells readers of this node what happens in the whole cluster. Without a reader
/// anywhere it does nothing, and sessions tell it nothing.
/// </summary>
/// <remarks>
/// <code>
/// reader ─► Listen ─► feed ── WatchNode, every 4 s ──► feeds of the other nodes
///   ▲                  │ ▲                               │ for 12 s: the tap is open
///   └── NodeEvents ────┘ └──── NodeEvents every 250 ms ──┘
///       NodeReport             NodeReport every second
/// </code>
/// Everything on the way is bounded and drops the oldest: the tap, a frame of events, and the reader's own queue. What was
/// dropped is counted and told.
/// </remarks>
internal sealed class EventFeed : MeasuredActor, IWithTimers
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "feed";

    private const int UserChanges = 256;
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FiguresEvery = TimeSpan.FromSeconds(1);
    private const long LeaseMilliseconds = 12_000;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly NodeIncarnation _self;
    private readonly FeedWiring _wiring;
    private readonly HashSet<IActorRef> _readers = [];
    private readonly OtherFeeds _others;
    private readonly Dictionary<NodeIncarnation, string> _names = [];
    private readonly HashSet<NodeIncarnation> _draining = [];
    private readonly Dictionary<NodeIncarnation, long> _watchers = [];
    private readonly FollowedBans _bans = new();
    private readonly EventRing<UserRecord> _users = new(UserChanges);

    /// <summary>Made by <see cref="Props"/>.</summary>
    public EventFeed(FeedWiring wiring)
    {
        _wiring = wiring;
        _self = ClusterView.NameOf(_cluster.SelfUniqueAddress);
        _others = new OtherFeeds(Context.System, _self, Name, Self);
    }

    /// <summary>Makes the sender a reader until it stops: it is told <see cref="NodeEvents"/> and <see cref="NodeReport"/>.</summary>
    internal sealed record Listen;

    private enum Tick
    {
        Watch,
        Flush,
        Figures,
    }

    private sealed record Gauged(NodeFigures Figures);

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsWatched => _readers.Count > 0 || _watchers.Count > 0;

    /// <summary>The feed of a node.</summary>
    public static Props Props(FeedWiring wiring) => Akka.Actor.Props.Create(() => new EventFeed(wiring));

    /// <inheritdoc/>
    protected override void PreStart() => _cluster.Subscribe(
        Self,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
        typeof(ClusterEvent.IMemberEvent),
        typeof(ClusterEvent.IReachabilityEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _wiring.Users.Changed -= _users.Add;
        _wiring.Tap.IsOpen = false;
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Listen:
                AddReader(Sender);
                break;
            case Terminated { ActorRef: var reader }:
                RemoveReader(reader);
                break;
            case WatchNode watch when _others.Has(watch.Asker):
                _watchers[watch.Asker] = Environment.TickCount64 + LeaseMilliseconds;
                BeWatched();
                break;
            case WatchNode:
                // It asks again, when it has been heard of as a member.
                break;
            case NodeEvents told:
                _names[told.Node] = told.Name;
                Tell(told);
                break;
            case NodeReport told:
                Receive(told);
                break;
            case Gauged gauged:
                TellFigures(gauged.Figures);
                break;
            case ClusterEvent.IClusterDomainEvent happened:
                Follow(happened);
                break;
            case Tick tick:
                OnTick(tick);
                break;
            case Status.Failure failed:
                _log.Error(failed.Cause, "A defect in the node's figures. Please report it.");
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AddReader(IActorRef reader)
    {
        if (!_readers.Add(reader))
            return;
        Context.Watch(reader);
        if (_readers.Count > 1)
            return;
        _wiring.Users.Changed += _users.Add;
        _bans.Follow(_wiring.Bans.Bans(), Now);
        Timers.StartPeriodicTimer(Tick.Watch, Tick.Watch, WatchEvery);
        WatchOthers();
        BeWatched();
    }

    private void RemoveReader(IActorRef reader)
    {
        if (!_readers.Remove(reader) || _readers.Count > 0)
            return;
        _wiring.Users.Changed -= _users.Add;
        _users.Clear();
        _bans.Forget();
        Timers.Cancel(Tick.Watch);
        BeUnwatched();
    }

    private void BeWatched()
    {
        if (Timers.IsTimerActive(Tick.Flush))
            return;
        _wiring.Tap.IsOpen = true;
        Timers.StartPeriodicTimer(Tick.Flush, Tick.Flush, FlushEvery);
        Timers.StartPeriodicTimer(Tick.Figures, Tick.Figures, TimeSpan.Zero, FiguresEvery);
    }

    private void BeUnwatched()
    {
        if (IsWatched)
            return;
        _wiring.Tap.IsOpen = false;
        Timers.Cancel(Tick.Flush);
        Timers.Cancel(Tick.Figures);
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Watch:
                WatchOthers();
                break;
            case Tick.Flush:
                Flush();
                break;
            case Tick.Figures:
                foreach (var gone in _watchers.Where(it => it.Value < Environment.TickCount64).Select(it => it.Key).ToList())
                    _watchers.Remove(gone);
                BeUnwatched();
                if (_readers.Count > 0)
                    Tell(_wiring.NodeName, _bans.Follow(_wiring.Bans.Bans(), Now));
                if (IsWatched)
                    Task.Run(() => new Gauged(_wiring.Gauge.Take())).PipeTo(Self);
                break;
        }
    }

    private void Flush()
    {
        var events = TappedSessions.Take(_wiring.Tap, out var lost);
        if (!events.IsEmpty || lost > 0)
        {
            var told = new NodeEvents(_self, _wiring.NodeName, lost, events);
            Tell(told);
            TellWatchers(told);
        }

        var users = _users.Take(UserChanges, out lost);
        if (users.Count > 0 || lost > 0)
            Tell(new NodeEvents(_self, _wiring.NodeName, lost, [.. users.Select(EventOf)]));
    }

    private void TellFigures(NodeFigures figures)
    {
        var report = new NodeReport(_self, _wiring.NodeName, _wiring.Drain.HasBegun, _wiring.LiveSessions.Count, figures);
        Receive(report);
        TellWatchers(report);
    }

    private void Receive(NodeReport report)
    {
        _names[report.Node] = report.Name;
        if (report.IsDraining && _draining.Add(report.Node))
            TellOf(report.Node, "draining");
        Tell(report);
    }

    private void Follow(ClusterEvent.IClusterDomainEvent happened)
    {
        switch (happened)
        {
            case ClusterEvent.MemberRemoved { Member: var member }:
                var gone = ClusterView.NameOf(member.UniqueAddress);
                TellOf(gone, "removed");
                _others.Remove(gone);
                _watchers.Remove(gone);
                _draining.Remove(gone);
                _names.Remove(gone);
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                var node = ClusterView.NameOf(member.UniqueAddress);
                if (_others.Add(member) && _readers.Count > 0)
                    _others.Tell(node, new WatchNode(_self));
                TellOf(node, member.Status.ToString().ToLowerInvariant());
                break;
            case ClusterEvent.UnreachableMember { Member: var member }:
                TellOf(ClusterView.NameOf(member.UniqueAddress), "unreachable");
                break;
            case ClusterEvent.ReachableMember { Member: var member }:
                TellOf(ClusterView.NameOf(member.UniqueAddress), "reachable");
                break;
        }
    }

    private void TellOf(NodeIncarnation node, string state) => Tell(new NodeEvents(
        node,
        node == _self ? _wiring.NodeName : _names.GetValueOrDefault(node, node.Address[(node.Address.IndexOf('@', StringComparison.Ordinal) + 1)..]),
        0,
        [new FeedEvent(FeedKind.NodeChanged, Now) { Reason = state }]));

    private void Tell(string name, ImmutableArray<FeedEvent> events)
    {
        if (!events.IsEmpty)
            Tell(new NodeEvents(_self, name, 0, events));
    }

    private void Tell(object told)
    {
        foreach (var reader in _readers)
            reader.Tell(told);
    }

    private void TellWatchers(IClusterMessage told)
    {
        foreach (var watcher in _watchers.Keys)
            _others.Tell(watcher, told);
    }

    private void WatchOthers() => _others.TellAll(new WatchNode(_self));

    private static FeedEvent EventOf(UserRecord user) =>
        new(user.Deleted ? FeedKind.UserRemoved : FeedKind.UserChanged, Now) { User = user.Name };

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
