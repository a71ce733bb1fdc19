using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Makes one cluster of two again. Akka does nothing by itself when a partition heals whose sides have given each other up, so one
/// node must come back as a new one, which joins the other: this one drains, and its supervisor starts it again.
/// </summary>
/// <remarks>
/// <code>
/// GaveUp(peer), and this address is the higher ─► asks the peer's port every 10 s
///        it answered three times running, and is still no member ─► drain
///        it is a member again ─► nothing more to do
/// ThisActorSystemQuarantinedEvent: the others gave this node up, and it lives ─► drain
/// </code>
/// </remarks>
internal sealed class MergeWatch : MeasuredActor, IWithTimers
{
    private const int AnswersNeeded = 3;

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeDrain _drain;
    private readonly Func<Address, Task<bool>> _answers;
    private readonly TimeSpan _every;
    private Address? _peer;
    private int _answered;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public MergeWatch(NodeDrain drain, Func<Address, Task<bool>> answers, TimeSpan every) =>
        (_drain, _answers, _every) = (drain, answers, every);

    private sealed record Probed(Address Peer, bool Answered);

    private sealed class Probe
    {
        public static readonly Probe Instance = new();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>For a node.</summary>
    /// <param name="drain">Begun when this node must come back as a new one.</param>
    /// <param name="answers">Whether a node answers at an address; does not fail.</param>
    /// <param name="every">How often to ask.</param>
    public static Props Props(NodeDrain drain, Func<Address, Task<bool>> answers, TimeSpan every) =>
        Akka.Actor.Props.Create(() => new MergeWatch(drain, answers, every));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(PairDowning.GaveUp));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberJoined),
            typeof(ClusterEvent.MemberWeaklyUp), typeof(ClusterEvent.MemberUp));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PairDowning.GaveUp gaveUp when IsHigherThan(gaveUp.Peer):
                (_peer, _answered) = (gaveUp.Peer, 0);
                Timers.StartPeriodicTimer(Probe.Instance, Probe.Instance, _every);
                break;
            case ClusterEvent.IMemberEvent come when come.Member.Address.Equals(_peer):
                _peer = null;
                Timers.Cancel(Probe.Instance);
                break;
            case Probe when _peer is { } peer:
                _answers(peer).PipeTo(Self, success: answered => new Probed(peer, answered));
                break;
            case Probed probed when probed.Peer.Equals(_peer):
                _answered = probed.Answered ? _answered + 1 : 0;
                if (_answered >= AnswersNeeded)
                    ComeBack($"the node at {_peer} is there again and has become a cluster of its own");
                break;
            case ThisActorSystemQuarantinedEvent given:
                ComeBack($"the node at {given.RemoteAddress} has given this one up");
                break;
        }
    }

    private void ComeBack(string why)
    {
        _log.Warning("This node drains, and must be started again to join the others: {0}.", why);
        _peer = null;
        Timers.CancelAll();
        _drain.Begin(DrainCause.Downed);
    }

    // Only one of the two goes.
    private bool IsHigherThan(Address peer) => string.CompareOrdinal(_cluster.SelfAddress.ToString(), peer.ToString()) > 0;
}
