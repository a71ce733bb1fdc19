using Akka.Actor;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// Keeps the ledgers of all registries alike: sends what changed here to every other member, compares digests, and asks for what
/// was missed. Used by the registry alone.
/// </summary>
internal sealed class LedgerExchange(SessionLedger ledger, OwnSessions own, ClusterView view, IActorRef self)
{
    /// <summary>Takes this node's latest counts into the ledger.</summary>
    public void Refresh() => own.DrainInto(ledger);

    /// <summary>Tells all members what changed here.</summary>
    public void TellChanges()
    {
        Refresh();
        if (ledger.TakeDelta() is not { } delta)
            return;
        foreach (var (node, peer) in view.Peers)
            peer.Registry.Tell(delta with { SettledGrants = ledger.SettledGrantsOf(node) }, self);
    }

    /// <summary>Tells all members what this node amounts to.</summary>
    public void TellDigest()
    {
        TellChanges();
        foreach (var peer in view.Peers.Values)
            peer.Registry.Tell(ledger.Digest(), self);
    }

    /// <summary>A member came: each tells the other all it has.</summary>
    public void Greet(NodeIncarnation node)
    {
        ledger.Join(node);
        Send(node);
        Request(node);
    }

    /// <summary>A member asks for all this node has.</summary>
    public void Receive(LedgerSnapshotRequest request) => Send(request.Receiver);

    /// <summary>What another node says about its changes.</summary>
    public void Receive(LedgerDelta delta)
    {
        if (!ledger.Receive(delta))
            Request(delta.Node);
    }

    /// <summary>What another node amounts to.</summary>
    public void Receive(LedgerDigest digest)
    {
        if (!ledger.Receive(digest))
            Request(digest.Node);
    }

    private void Request(NodeIncarnation node)
    {
        if (view.Peers.TryGetValue(node, out var peer))
            peer.Registry.Tell(new LedgerSnapshotRequest(ledger.Self), self);
    }

    // Changes first: a snapshot holds them, and they would be told to this node again.
    private void Send(NodeIncarnation node)
    {
        if (!view.Peers.TryGetValue(node, out var peer))
            return;
        TellChanges();
        foreach (var part in ledger.SnapshotFor(node))
            peer.Registry.Tell(part, self);
    }
}
