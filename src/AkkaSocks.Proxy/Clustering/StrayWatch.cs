using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Telemetry.Actors;
using Cluster = Akka.Cluster.Cluster;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Notices that there are two clusters where there should be one, and has the smaller one dissolve. The first of the seeds founds a
/// cluster when it finds none, so once it was cut off from the others, gave up and was started again, it is one of its own, and
/// Akka would leave it at that when the network has healed.
/// </summary>
/// <remarks>
/// <code>
/// every 10 s, each seed (and whoever has asked) that is no member here and whose port answers ─ ClusterQuestion ─► ClusterAnswer
///     ├ three times running: a larger cluster (of two as large: the one with the lower first address), not having this node ─► drain
///     └ else: begins anew
/// </code>
/// A partition that both sides of a pair survived is not for this: each has the other quarantined and hears nothing of it; see
/// <see cref="MergeWatch"/>.
/// </remarks>
internal sealed class StrayWatch : MeasuredActor, IWithTimers
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "stray-watch";

    private const int AnswersNeeded = 3;

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeIncarnation _self;
    private readonly NodeDrain _drain;
    private readonly ImmutableHashSet<Address> _seeds;
    private readonly Func<Address, Task<bool>> _answers;
    private readonly TimeSpan _every;
    private readonly HashSet<Address> _askers = [];
    private readonly Dictionary<Address, int> _larger = [];

    /// <summary>Made by <see cref="Props"/>.</summary>
    public StrayWatch(NodeDrain drain, ImmutableHashSet<Address> seeds, Func<Address, Task<bool>> answers, TimeSpan every)
    {
        (_drain, _seeds, _answers, _every) = (drain, seeds, answers, every);
        _self = ClusterView.NameOf(_cluster.SelfUniqueAddress);
    }

    /// <summary>Asks a node which cluster it is in.</summary>
    /// <param name="Asker">Who is no member as far as it knows.</param>
    internal sealed record ClusterQuestion(NodeIncarnation Asker) : IClusterMessage;

    /// <summary>The answer to <see cref="ClusterQuestion"/>.</summary>
    /// <param name="Node">Who answers.</param>
    /// <param name="Members">Members of its cluster; 0 when it is in none.</param>
    /// <param name="First">The lowest of their addresses.</param>
    /// <param name="HasAsker">The asker is one of them.</param>
    internal sealed record ClusterAnswer(NodeIncarnation Node, int Members, string First, bool HasAsker) : IClusterMessage;

    private sealed record Probed(Address Node, bool Answered);

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>For a node.</summary>
    /// <param name="drain">Begun when this node must come back as a new one.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="answers">Whether a node answers at an address; does not fail. Asked first, for Akka makes a fuss about those that do
    /// not.</param>
    /// <param name="every">How often to look.</param>
    public static Props Props(NodeDrain drain, ImmutableHashSet<Address> seeds, Func<Address, Task<bool>> answers, TimeSpan every) =>
        Akka.Actor.Props.Create(() => new StrayWatch(drain, seeds, answers, every));

    /// <summary>Whether a cluster has to make room for another one.</summary>
    /// <param name="members">Its members.</param>
    /// <param name="first">The lowest of their addresses.</param>
    /// <param name="other">The other one.</param>
    public static bool MakesRoomFor(int members, string first, ClusterAnswer other) =>
        other.Members > members || (other.Members == members && string.CompareOrdinal(other.First, first) < 0);

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(Look.Instance, Look.Instance, _every);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look when Members.Count > 0:
                foreach (var node in _seeds.Union(_askers).Where(node => !Members.Contains(node)))
                    _answers(node).PipeTo(Self, success: answered => new Probed(node, answered));
                break;
            case Probed { Answered: true } probed:
                Context.ActorSelection(new RootActorPath(probed.Node) / "user" / Name).Tell(new ClusterQuestion(_self));
                break;
            case Probed gone:
                Forget(gone.Node);
                break;
            case ClusterQuestion question when Address.TryParse(question.Asker.Address, out var asker):
                Answer(asker);
                break;
            case ClusterAnswer answer when Address.TryParse(answer.Node.Address, out var node):
                Judge(node, answer);
                break;
        }
    }

    // Whom the others have given up is in no cluster any more, and whoever drains leaves his.
    private ImmutableHashSet<Address> Members => _cluster.IsTerminated || _drain.HasBegun
        ? []
        : [.. _cluster.State.Members.Select(member => member.Address)];

    private static string First(ImmutableHashSet<Address> members) =>
        members.Select(member => member.ToString()).Order(StringComparer.Ordinal).FirstOrDefault("");

    private void Answer(Address asker)
    {
        var members = Members;
        Sender.Tell(new ClusterAnswer(_self, members.Count, First(members), members.Contains(asker)));

        // The other one of two clusters may have all the seeds, and would never be asked.
        if (!members.Contains(asker))
            _askers.Add(asker);
    }

    private void Judge(Address node, ClusterAnswer answer)
    {
        var members = Members;
        if (members.IsEmpty || members.Contains(node) || answer.HasAsker || !MakesRoomFor(members.Count, First(members), answer))
        {
            Forget(node);
            return;
        }

        _larger[node] = _larger.GetValueOrDefault(node) + 1;
        if (_larger[node] < AnswersNeeded)
            return;
        _log.Warning(
            "This node drains, and must be started again to join the others: the node at {0} is in another cluster, of {1}, than this one, of {2}.",
            node,
            answer.Members,
            members.Count);
        _drain.Begin(DrainCause.Downed);
    }

    private void Forget(Address node)
    {
        _askers.Remove(node);
        _larger.Remove(node);
    }
}
