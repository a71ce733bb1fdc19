using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry.Actors;
using IClusterMessage = AkkaSocks.Proxy.Auth.IClusterMessage;

namespace AkkaSocks.Proxy.Feed;

/// <summary>
/// A feed: an actor of which there is one per node and that tells readers of this node what happens at all of them. Without a reader
/// anywhere it does nothing. What happens, and how it is noticed, is each feed's own.
/// </summary>
/// <remarks>
/// <code>
/// reader ─► Listen ─► feed ── Question, every 4 s ──► feeds of the other nodes
///   ▲                  │ ▲                              │ for 12 s they notice what happens
///   └───── news ───────┘ └────── news every 250 ms ─────┘
/// </code>
/// </remarks>
/// <typeparam name="TWanted">What somebody can want of it.</typeparam>
internal abstract class ClusterFeed<TWanted> : MeasuredActor, IWithTimers
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(250);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly OtherFeeds _others;

    /// <summary>A feed of this name below <c>/user</c>, the same on every node.</summary>
    protected ClusterFeed(string name)
    {
        Node = ClusterView.NameOf(_cluster.SelfUniqueAddress);
        _others = new OtherFeeds(Context.System, Node, name, Self);
        Audience = new Audience<TWanted>(_others);
    }

    private enum Tick
    {
        Ask,
        Flush,
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>This node.</summary>
    protected NodeIncarnation Node { get; }

    /// <summary>Who follows it.</summary>
    protected Audience<TWanted> Audience { get; }

    /// <summary>What the other nodes are told: that this one wants to know, and what.</summary>
    protected abstract IClusterMessage Question();

    /// <summary>Somebody has come or gone, and there is somebody. Before the first <see cref="Flush"/>.</summary>
    /// <param name="isFirst">Until now there was nobody.</param>
    protected abstract void Follow(bool isFirst);

    /// <summary>Nobody is there any more.</summary>
    protected abstract void Rest();

    /// <summary>Tells the audience what has happened here since the last time.</summary>
    protected abstract void Flush();

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
            case Terminated { ActorRef: var reader }:
                Audience.Remove(reader);
                Review();
                break;
            case ClusterEvent.MemberRemoved { Member: var member }:
                var gone = ClusterView.NameOf(member.UniqueAddress);
                _others.Remove(gone);
                Audience.Remove(gone);
                Review();
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                if (_others.Add(member) && Audience.HasReaders)
                    _others.Tell(ClusterView.NameOf(member.UniqueAddress), Question());
                break;
            case Tick.Ask:
                _others.TellAll(Question());
                break;
            case Tick.Flush:
                Flush();
                if (Audience.ForgetTheSilent())
                    Review();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A reader of this node has come, or wants something else; it stays until it stops.</summary>
    protected void AddReader(IActorRef reader, TWanted wanted)
    {
        Audience.Add(reader, wanted);
        Context.Watch(reader);
        _others.TellAll(Question());
        Review();
    }

    /// <summary>Another node has readers that want this. One that is not known as a member yet asks again.</summary>
    protected void AddNode(NodeIncarnation node, ImmutableArray<TWanted> wanted)
    {
        if (!_others.Has(node))
            return;
        Audience.Add(node, wanted);
        Review();
    }

    /// <summary>Asks the others as long as there are readers here, and notices what happens as long as there is anybody.</summary>
    private void Review()
    {
        if (!Audience.HasReaders)
            Timers.Cancel(Tick.Ask);
        else if (!Timers.IsTimerActive(Tick.Ask))
            Timers.StartPeriodicTimer(Tick.Ask, Tick.Ask, AskEvery);
        var wasAsleep = !Timers.IsTimerActive(Tick.Flush);
        if (!Audience.IsEmpty)
        {
            Follow(isFirst: wasAsleep);
            if (wasAsleep)
                Timers.StartPeriodicTimer(Tick.Flush, Tick.Flush, TimeSpan.Zero, FlushEvery);
        }
        else if (!wasAsleep)
        {
            Timers.Cancel(Tick.Flush);
            Rest();
        }
    }
}
