using Akka.Cluster;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth;

/// <content>What other nodes say, and that they come and go. For operators: <see cref="HearOfOperators"/>.</content>
internal sealed partial class AuthRegistry
{
    private void Hear(IClusterMessage said)
    {
        switch (said)
        {
            case AcquireSession request:
                _view.Hear(request.Origin);
                _admission.Receive(request, Sender);
                break;
            case SessionDecision decision:
                _view.Hear(decision.Owner);
                _admission.Receive(decision);
                break;
            case LedgerDelta delta:
                _view.Hear(delta.Node);
                _exchange.Receive(delta);
                break;
            case LedgerDigest digest:
                _view.Hear(digest.Node);
                _exchange.Receive(digest);
                break;
            case LedgerSnapshot part:
                _view.Hear(part.Node);
                _ledger.Receive(part);
                break;
            case LedgerSnapshotRequest request:
                _view.Hear(request.Receiver);
                _exchange.Receive(request);
                break;
            case BansChanged changed:
                _view.Hear(changed.Node);
                _bans.Receive(changed);
                break;
            case BanDigest digest:
                _view.Hear(digest.Node);
                _bans.Receive(digest);
                break;
            case BanRequest request:
                _view.Hear(request.Receiver);
                _bans.Receive(request);
                break;
            case LoginsFailed failed:
                _view.Hear(failed.Node);
                Guard.Receive(failed);
                break;
            case AddressesKnown known:
                _view.Hear(known.Node);
                Guard.Receive(known);
                break;
            default:
                HearOfOperators(said);
                break;
        }
    }

    private void Follow(ClusterEvent.IClusterDomainEvent happened)
    {
        switch (happened)
        {
            case ClusterEvent.MemberRemoved removed:
                var gone = _view.Remove(removed.Member);
                _ledger.Drop(gone);
                Guard.Drop(gone);
                PassOver(gone);
                break;
            case ClusterEvent.IMemberEvent changed:
                if (_view.Update(changed.Member) is { } node)
                    Greet(node);
                break;
            case ClusterEvent.UnreachableMember lost:
                _view.SetReachable(lost.Member, false);
                PassOver(ClusterView.NameOf(lost.Member.UniqueAddress));
                break;
            case ClusterEvent.ReachableMember found:
                _view.SetReachable(found.Member, true);
                break;
        }
    }

    private void Suspect(NodeIncarnation node)
    {
        if (_view.Suspect(node))
            PassOver(node);
    }

    private void PassOver(NodeIncarnation node)
    {
        _admission.PassOver(node);
        _questions.PassOver(node);
    }

    private void Greet(NodeIncarnation node)
    {
        _exchange.Greet(node);
        _bans.Greet(node);
        _questions.Greet(node);
    }
}
