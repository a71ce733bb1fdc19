using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>
/// Keeps the <see cref="LoginGuard"/>s of all nodes alike: tells every other member what has come up here, compares digests of
/// the bans, and gives all it has to a member that comes, so a ban outlives every node that knows it. Failures and known
/// addresses are told once: what is lost of them is a guess more, or a ban that also holds where its user is known. Used by the
/// registry alone.
/// </summary>
internal sealed class BanExchange(LoginGuard guard, LiveSessions sessions, ClusterView view, IActorRef self)
{
    // With names of 255 bytes and reasons of as many characters a message stays within half of what a frame holds.
    private const int PerMessage = 64;

    /// <summary>Tells all members what has come up here.</summary>
    public void TellNews()
    {
        var news = guard.TakeNews();
        foreach (var peer in view.Peers.Values)
        {
            Send(peer, news.Bans, Changed);
            foreach (var (failures, at) in news.Failures.Chunk(PerMessage).Select((chunk, i) => (chunk, i * PerMessage)))
                peer.Registry.Tell(new LoginsFailed(view.Self, news.FirstFailure + at, [.. failures]), self);
            Send(peer, news.Known, Known);
        }
    }

    /// <summary>Tells all members what the bans here amount to.</summary>
    public void TellDigest()
    {
        var (count, hash) = guard.Digest();
        foreach (var peer in view.Peers.Values)
            peer.Registry.Tell(new BanDigest(view.Self, count, hash), self);
    }

    /// <summary>A member came: it is told everything, as this node is by it.</summary>
    public void Greet(NodeIncarnation node)
    {
        if (!view.Peers.TryGetValue(node, out var peer))
            return;
        Send(peer, guard.Bans(), Changed);
        Send(peer, guard.Known(), Known);
    }

    /// <summary>An operator bans somebody, whose sessions end.</summary>
    public BanNotice Impose(AuthRegistry.ImposeBan order)
    {
        var ban = guard.Impose(order.Target, order.Duration, order.Reason);
        EndSessions(ban);
        return ban;
    }

    /// <summary>Another node has banned somebody or lifted a ban.</summary>
    public void Receive(BansChanged message)
    {
        foreach (var ban in guard.Receive(message))
            EndSessions(ban);
    }

    /// <summary>What another node's bans amount to.</summary>
    public void Receive(BanDigest digest)
    {
        if ((digest.Count, digest.Hash) != guard.Digest() && view.Peers.TryGetValue(digest.Node, out var peer))
            peer.Registry.Tell(new BanRequest(view.Self), self);
    }

    /// <summary>Another node wants all bans.</summary>
    public void Receive(BanRequest request)
    {
        if (view.Peers.TryGetValue(request.Receiver, out var peer))
            Send(peer, guard.Bans(), Changed);
    }

    // Who has failed too often has no session by that; its neighbours may.
    private void EndSessions(BanNotice ban)
    {
        if (ban is { Cause: BanCause.Operator, IsLifted: false })
            sessions.Terminate(ban.Target.Covers, TerminationReason.Banned);
    }

    private BansChanged Changed(ImmutableArray<BanNotice> bans) => new(view.Self, bans);

    private AddressesKnown Known(ImmutableArray<KnownAddress> known) => new(view.Self, known);

    private void Send<T>(ClusterView.Peer peer, ImmutableArray<T> items, Func<ImmutableArray<T>, IClusterMessage> message)
    {
        foreach (var chunk in items.Chunk(PerMessage))
            peer.Registry.Tell(message([.. chunk]), self);
    }
}
