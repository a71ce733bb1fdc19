using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Feed;

/// <summary>
/// The actor at <c>/user/log</c>, one per node: tells readers of this node what all nodes write into their process logs. Without a reader
/// anywhere it does nothing; who logs never does more than note the line.
/// </summary>
/// <remarks>
/// <code>
/// reader ─► Listen ─► feed ── WatchLog, every 4 s ──► feeds of the other nodes
///   ▲                  │ ▲                              │ for 12 s they look at their logs
///   └──── NodeLog ─────┘ └───── NodeLog every 250 ms ───┘
/// </code>
/// A frame, what a node keeps of its log, and the reader's own queue are bounded, and of each the oldest lines go. How many went is told.
/// </remarks>
internal sealed class LogFeed : MeasuredActor, IWithTimers
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "log";

    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(250);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly NodeIncarnation _self;
    private readonly string _nodeName;
    private readonly ProcessLog _log;
    private readonly OtherFeeds _others;
    private readonly Audience<LogLevel> _audience;
    private long _told;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public LogFeed(string nodeName, ProcessLog log)
    {
        (_nodeName, _log) = (nodeName, log);
        _self = ClusterView.NameOf(_cluster.SelfUniqueAddress);
        _others = new OtherFeeds(Context.System, _self, Name, Self);
        _audience = new Audience<LogLevel>(_others);
    }

    /// <summary>Makes the sender a reader until it stops: it is told <see cref="NodeLog"/>, the lines included that others want.</summary>
    /// <param name="Level">The least grave that it wants.</param>
    internal sealed record Listen(LogLevel Level);

    private enum Tick
    {
        Watch,
        Flush,
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The feed of a node.</summary>
    /// <param name="nodeName"><c>node.name</c>.</param>
    /// <param name="log">What the node writes.</param>
    public static Props Props(string nodeName, ProcessLog log) => Akka.Actor.Props.Create(() => new LogFeed(nodeName, log));

    /// <inheritdoc/>
    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Listen listen:
                _audience.Add(Sender, listen.Level);
                Context.Watch(Sender);
                _others.TellAll(Question());
                Follow();
                break;
            case Terminated { ActorRef: var reader }:
                _audience.Remove(reader);
                Follow();
                break;
            case WatchLog watch when _others.Has(watch.Asker):
                _audience.Add(watch.Asker, [watch.Level]);
                Follow();
                break;
            case WatchLog:
                // It asks again, when it has been heard of as a member.
                break;
            case NodeLog told:
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

    private WatchLog Question() => new(_self, _audience.WantedHere.Min());

    /// <summary>Looks at the log as long as somebody wants to know, and asks the others as long as somebody here does.</summary>
    private void Follow()
    {
        if (!_audience.HasReaders)
            Timers.Cancel(Tick.Watch);
        else if (!Timers.IsTimerActive(Tick.Watch))
            Timers.StartPeriodicTimer(Tick.Watch, Tick.Watch, WatchEvery);
        if (_audience.IsEmpty)
        {
            Timers.Cancel(Tick.Flush);
        }
        else if (!Timers.IsTimerActive(Tick.Flush))
        {
            _told = _log.Last;
            Timers.StartPeriodicTimer(Tick.Flush, Tick.Flush, FlushEvery);
        }
    }

    private void Flush()
    {
        var lines = _log.Since(ref _told, _audience.Wanted.Min(), out var lost);
        var fitting = LogLine.Fitting(lines);
        lost += lines.Count - fitting.Count;
        if (fitting.Count > 0 || lost > 0)
            _audience.Tell(new NodeLog(_self, _nodeName, lost, [.. fitting]));
        if (_audience.ForgetTheSilent())
            Follow();
    }
}
