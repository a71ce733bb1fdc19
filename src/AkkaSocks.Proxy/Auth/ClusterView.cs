using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// The cluster as one registry sees it: who is a member, whom Akka takes for reachable, and whom this node suspects, which
/// it notices seconds before Akka does. For the registry's own use: not for several threads.
/// </summary>
internal sealed class ClusterView(ActorSystem system, NodeIncarnation self)
{
    private readonly Dictionary<NodeIncarnation, Peer> _peers = [];

    /// <summary>Another member.</summary>
    internal sealed class Peer(Member member, IActorRef registry)
    {
        /// <summary>As Akka last told it.</summary>
        public Member Member { get; set; } = member;

        /// <summary>Its registry.</summary>
        public IActorRef Registry => registry;

        /// <summary>Akka's failure detector hears it.</summary>
        public bool IsReachable { get; set; } = true;

        /// <summary>It did not answer, or the connection to it broke; until it is heard again.</summary>
        public bool IsSuspect { get; set; }

        /// <summary>What it last told of itself; null until it has.</summary>
        public NodeReport? Report { get; set; }

        /// <summary>It can be asked.</summary>
        public bool IsHeard => IsReachable && !IsSuspect;
    }

    /// <summary>This node.</summary>
    public NodeIncarnation Self => self;

    /// <summary>This node's own status.</summary>
    public MemberStatus Status { get; private set; } = MemberStatus.Removed;

    /// <summary>The other members.</summary>
    public IReadOnlyDictionary<NodeIncarnation, Peer> Peers => _peers;

    /// <summary>There are others, and none of them can be asked.</summary>
    public bool SeesNobody => !_peers.Values.Any(peer => peer.IsHeard);

    /// <summary>Whom to ask about users: the members that are up and heard, this node included when it is up.</summary>
    public IEnumerable<NodeIncarnation> Candidates
    {
        get
        {
            if (Status == MemberStatus.Up)
                yield return self;
            foreach (var (node, peer) in _peers)
            {
                if (peer.IsHeard && peer.Member.Status == MemberStatus.Up)
                    yield return node;
            }
        }
    }

    /// <summary>The nodes that are suspect or out of reach.</summary>
    public ImmutableArray<NodeIncarnation> Unheard => [.. _peers.Where(peer => !peer.Value.IsHeard).Select(peer => peer.Key)];

    /// <summary>How this program names a run of a node.</summary>
    public static NodeIncarnation NameOf(UniqueAddress node) => new(node.Address.ToString(), node.Uid);

    /// <summary>A member came or changed its status.</summary>
    /// <returns>The node when it is another one that was not known.</returns>
    public NodeIncarnation? Update(Member member)
    {
        var node = NameOf(member.UniqueAddress);
        if (node == self)
        {
            Status = member.Status;
            return null;
        }

        if (_peers.TryGetValue(node, out var known))
        {
            known.Member = member;
            return null;
        }

        var path = new RootActorPath(member.Address) / "user" / AuthRegistry.Name;
        _peers.Add(node, new Peer(member, ((ExtendedActorSystem)system).Provider.ResolveActorRef(path)));
        return node;
    }

    /// <summary>A member is gone.</summary>
    public NodeIncarnation Remove(Member member)
    {
        var node = NameOf(member.UniqueAddress);
        if (node == self)
            Status = MemberStatus.Removed;
        _peers.Remove(node);
        return node;
    }

    /// <summary>Akka's failure detector has lost a member or found it again.</summary>
    public void SetReachable(Member member, bool isReachable)
    {
        if (_peers.TryGetValue(NameOf(member.UniqueAddress), out var peer))
            peer.IsReachable = isReachable;
    }

    /// <summary>A node did not answer, or the connection to it broke.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Suspect(NodeIncarnation node)
    {
        if (!_peers.TryGetValue(node, out var peer) || peer.IsSuspect)
            return false;
        peer.IsSuspect = true;
        return true;
    }

    /// <summary>A node said something.</summary>
    public void Hear(NodeIncarnation node)
    {
        if (_peers.TryGetValue(node, out var peer))
            peer.IsSuspect = false;
    }

    /// <summary>A node told of itself.</summary>
    public void Receive(NodeReport report)
    {
        if (_peers.TryGetValue(report.Node, out var peer))
            peer.Report = report;
    }

    /// <summary>The members at an address: one, or two while an old run of a node has not been removed.</summary>
    public ImmutableArray<NodeIncarnation> At(Address address) =>
        [.. _peers.Where(peer => peer.Value.Member.Address.Equals(address)).Select(peer => peer.Key)];
}
