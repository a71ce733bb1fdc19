using Akka.Actor;
using Akka.Cluster;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// In a cluster of exactly two each node gives up the other one when it has been unreachable for so long, and serves on. If
/// the other was not dead but cut off, both serve, and <see cref="MergeWatch"/> makes them one again.
/// </summary>
/// <remarks>
/// <code>
/// two members, the other reachable ─ UnreachableMember ─► armed ─ pair-after ─► Down(other), GaveUp to the event stream
///                                  ◄─ reachable again, a third member, or none ─┘
/// </code>
/// With more members it does nothing, and the resolver, its child, decides by majority. The time is shorter than the resolver's
/// <c>stable-after</c>, or that would have the survivor down itself.
/// </remarks>
internal sealed class PairDowning : MeasuredActor, IWithTimers
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, Member> _others = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private readonly Props _resolver;
    private readonly TimeSpan _pairAfter;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public PairDowning(Props resolver, TimeSpan pairAfter) => (_resolver, _pairAfter) = (resolver, pairAfter);

    /// <summary>Published on the event stream: the other one of two was given up.</summary>
    internal sealed record GaveUp(Address Peer);

    private sealed record TimeUp(UniqueAddress Peer);

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>For a node.</summary>
    /// <param name="resolver">The split brain resolver.</param>
    /// <param name="pairAfter">How long the other one may be unreachable.</param>
    public static Props Props(Props resolver, TimeSpan pairAfter) => Akka.Actor.Props.Create(() => new PairDowning(resolver, pairAfter));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.ActorOf(_resolver, "resolver");
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved gone:
                _others.Remove(gone.Member.UniqueAddress);
                _unreachable.Remove(gone.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent changed when changed.Member.UniqueAddress != _cluster.SelfUniqueAddress:
                _others[changed.Member.UniqueAddress] = changed.Member;
                break;
            case ClusterEvent.UnreachableMember lost:
                _unreachable.Add(lost.Member.UniqueAddress);
                break;
            case ClusterEvent.ReachableMember found:
                _unreachable.Remove(found.Member.UniqueAddress);
                break;
            case TimeUp up when Lost() is { } peer && peer.Equals(up.Peer):
                Context.System.EventStream.Publish(new GaveUp(peer.Address));
                _cluster.Down(peer.Address);
                return;
        }

        Arm();
    }

    private void Arm()
    {
        if (Lost() is not { } peer)
            Timers.Cancel(nameof(TimeUp));
        else if (!Timers.IsTimerActive(nameof(TimeUp)))
            Timers.StartSingleTimer(nameof(TimeUp), new TimeUp(peer), _pairAfter);
    }

    /// <summary>The other one of two, when it is unreachable and nobody has given it up yet.</summary>
    private UniqueAddress? Lost() =>
        _others.Count == 1 && _others.First() is var (node, member)
            && _unreachable.Contains(node) && member.Status is not MemberStatus.Down
            ? node
            : null;
}
