using Akka.Actor;
using Akka.Cluster;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>The actors of the same path on the other members of the cluster. Belongs to one actor, which receives the member
/// events this subscribes to.</summary>
internal sealed class OtherNodes
{
    private readonly Dictionary<Address, ActorSelection> _nodes = [];
    private readonly IActorContext _context;
    private readonly Cluster _cluster;

    private OtherNodes(IActorContext context)
    {
        (_context, _cluster) = (context, Cluster.Get(context.System));
        _cluster.Subscribe(
            context.Self,
            ClusterEvent.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.ReachableMember));
    }

    /// <summary>The others of this actor; null when its system is of no cluster.</summary>
    public static OtherNodes? Of(IActorContext context) =>
        ((ExtendedActorSystem)context.System).Provider is IClusterActorRefProvider ? new OtherNodes(context) : null;

    /// <summary>Takes note of what happened to a member.</summary>
    /// <returns>The member's actor when it is new, or to be reached again; else null.</returns>
    public ActorSelection? Follow(ClusterEvent.IClusterDomainEvent happened)
    {
        switch (happened)
        {
            case ClusterEvent.MemberRemoved { Member: var member }:
                _nodes.Remove(member.Address);
                return null;
            case ClusterEvent.MemberUp { Member: var member } when !IsSelf(member):
                return _nodes[member.Address] = At(member);
            case ClusterEvent.MemberWeaklyUp { Member: var member } when !IsSelf(member):
                return _nodes[member.Address] = At(member);
            case ClusterEvent.ReachableMember { Member: var member }:
                return _nodes.GetValueOrDefault(member.Address);
            default:
                return null;
        }
    }

    /// <summary>Tells all of them.</summary>
    public void Tell(object message)
    {
        foreach (var node in _nodes.Values)
            node.Tell(message, _context.Self);
    }

    /// <summary>Any of them; null when this node is alone.</summary>
    public ActorSelection? Any() => _nodes.Count == 0 ? null : _nodes.Values.ElementAt(Random.Shared.Next(_nodes.Count));

    /// <summary>Ends the subscription.</summary>
    public void Leave() => _cluster.Unsubscribe(_context.Self);

    private bool IsSelf(Member member) => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress);

    private ActorSelection At(Member member) =>
        _context.ActorSelection(new RootActorPath(member.Address) / _context.Self.Path.Elements);
}
