using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using IClusterMessage = AkkaSocks.Proxy.Auth.IClusterMessage;

namespace AkkaSocks.Proxy.Feed;

/// <summary>Who follows a feed, and what each wants of it: readers at this node, and nodes that have readers, each for some seconds after
/// it last said so. For the feed's own use: not for several threads.</summary>
/// <param name="others">The feeds of the other nodes.</param>
internal sealed class Audience<TWanted>(OtherFeeds others)
{
    // Three times what a node with readers takes to say so again.
    private const long LeaseMilliseconds = 12_000;

    private readonly Dictionary<IActorRef, TWanted> _readers = [];
    private readonly Dictionary<NodeIncarnation, (long Until, ImmutableArray<TWanted> Wanted)> _nodes = [];

    /// <summary>Nobody follows.</summary>
    public bool IsEmpty => _readers.Count + _nodes.Count == 0;

    /// <summary>Somebody at this node does.</summary>
    public bool HasReaders => _readers.Count > 0;

    /// <summary>What the readers want.</summary>
    public ImmutableArray<TWanted> WantedHere => [.. _readers.Values.Distinct()];

    /// <summary>What anybody wants.</summary>
    public ImmutableArray<TWanted> Wanted => [.. _readers.Values.Concat(_nodes.Values.SelectMany(node => node.Wanted)).Distinct()];

    /// <summary>A reader has come, or wants something else.</summary>
    public void Add(IActorRef reader, TWanted wanted) => _readers[reader] = wanted;

    /// <summary>A reader has gone.</summary>
    public void Remove(IActorRef reader) => _readers.Remove(reader);

    /// <summary>A node has readers that want this.</summary>
    public void Add(NodeIncarnation node, ImmutableArray<TWanted> wanted) =>
        _nodes[node] = (Environment.TickCount64 + LeaseMilliseconds, wanted);

    /// <summary>A node has gone.</summary>
    public void Remove(NodeIncarnation node) => _nodes.Remove(node);

    /// <summary>Forgets the nodes that have not said for long that they have readers; whether there were any.</summary>
    public bool ForgetTheSilent()
    {
        var silent = _nodes.Where(node => node.Value.Until < Environment.TickCount64).Select(node => node.Key).ToList();
        silent.ForEach(node => _nodes.Remove(node));
        return silent.Count > 0;
    }

    /// <summary>Tells the readers what another node has told.</summary>
    public void TellReaders(IClusterMessage told)
    {
        foreach (var reader in _readers.Keys)
            reader.Tell(told);
    }

    /// <summary>Tells all of them what happened at this node.</summary>
    public void Tell(IClusterMessage told)
    {
        TellReaders(told);
        foreach (var node in _nodes.Keys)
            others.Tell(node, told);
    }
}
