using Akka.Actor;
using Akka.Cluster;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using IClusterMessage = AkkaSocks.Proxy.Auth.IClusterMessage;

namespace AkkaSocks.Proxy.Feed;

/// <summary>The actors of a feed's own name on the other nodes, as it hears of them. For the feed's own use: not for several threads.
/// </summary>
/// <param name="system">The feed's.</param>
/// <param name="self">The feed's node.</param>
/// <param name="name">The feed's name below <c>/user</c>.</param>
/// <param name="feed">The feed.</param>
internal sealed class OtherFeeds(ActorSystem system, NodeIncarnation self, string name, IActorRef feed)
{
    private readonly Dictionary<NodeIncarnation, IActorRef> _feeds = [];

    /// <summary>A member came or changed its status.</summary>
    /// <returns>Whether it is another one that was not known.</returns>
    public bool Add(Member member)
    {
        var node = ClusterView.NameOf(member.UniqueAddress);
        var path = new RootActorPath(member.Address) / "user" / name;
        return node != self && !_feeds.ContainsKey(node)
            && _feeds.TryAdd(node, ((ExtendedActorSystem)system).Provider.ResolveActorRef(path));
    }

    /// <summary>A member is gone.</summary>
    public void Remove(NodeIncarnation node) => _feeds.Remove(node);

    /// <summary>Whether a node is a member.</summary>
    public bool Has(NodeIncarnation node) => _feeds.ContainsKey(node);

    /// <summary>Tells one, if it is there.</summary>
    public void Tell(NodeIncarnation node, IClusterMessage message)
    {
        if (_feeds.TryGetValue(node, out var other))
            other.Tell(message, feed);
    }

    /// <summary>Tells all.</summary>
    public void TellAll(IClusterMessage message)
    {
        foreach (var other in _feeds.Values)
            other.Tell(message, feed);
    }
}
