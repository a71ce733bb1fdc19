using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

/// <summary>Ledgers of several nodes and a network that delivers what the test picks, when and as often as it likes, or never.</summary>
internal sealed class LedgerNetwork
{
    public const int Nodes = 3;
    public const int Limit = 2;
    public static readonly UserName[] Users = [UserName.FromText("alice"), UserName.FromText("bob")];

    private readonly SessionLedger[] _ledgers;
    private readonly List<(int To, IClusterMessage Message)> _underway = [];
    private readonly Dictionary<(int Node, UserName User), int> _alive = [];
    private readonly Dictionary<(int Node, long Lease), UserName> _asking = [];
    private long _now, _lease;

    public LedgerNetwork()
    {
        _ledgers = [.. Enumerable.Range(0, Nodes).Select(i => new SessionLedger(Node(i)))];
        foreach (var ledger in _ledgers)
        {
            for (var i = 0; i < Nodes; i++)
                ledger.Join(Node(i));
        }
    }

    public IReadOnlyList<SessionLedger> Ledgers => _ledgers;

    public static NodeIncarnation Node(int index) => new($"akka.tcp://akkasocks@10.0.0.{index}:4053", 7 + index);

    /// <summary>Sessions of a user that are there in truth.</summary>
    public int Alive(UserName user) => _alive.Where(entry => entry.Key.User == user).Sum(entry => entry.Value);

    /// <summary>One step: what it does and with what follows from three numbers.</summary>
    public void Step(int action, int a, int b)
    {
        _now++;
        var (node, user) = (a % Nodes, Users[b % Users.Length]);
        switch (action)
        {
            case 0 or 1 or 2:
                Ask(node, user, ++_lease);
                break;
            case 3 when _asking.Count > 0:
                var ((asker, lease), asked) = _asking.ElementAt(a % _asking.Count);
                Ask(asker, asked, lease);
                break;
            case 4 when _alive.GetValueOrDefault((node, user)) > 0:
                SetAlive(node, user, -1);
                break;
            case 5 or 6:
                Tell(node);
                break;
            case 7:
                Broadcast(node, _ => _ledgers[node].Digest());
                break;
            case 8 when _asking.Count > 0:
                _asking.Remove(_asking.ElementAt(a % _asking.Count).Key);
                break;
            case 9 when _underway.Count > 0:
                _underway.RemoveAt(a % _underway.Count);
                break;
            case 10 when _underway.Count > 0:
                Deliver(_underway[a % _underway.Count]);
                break;
            case > 10 when _underway.Count > 0:
                var picked = a % _underway.Count;
                var one = _underway[picked];
                _underway.RemoveAt(picked);
                Deliver(one);
                break;
        }
    }

    /// <summary>The network is well again, nothing new happens, and time passes.</summary>
    public void BeQuiet()
    {
        _asking.Clear();
        for (var round = 0; round < 3; round++)
        {
            for (var node = 0; node < Nodes; node++)
            {
                _ledgers[node].ExpireGrants(before: long.MaxValue);
                Tell(node);
                Broadcast(node, _ => _ledgers[node].Digest());
            }

            while (_underway.Count > 0)
            {
                var one = _underway[0];
                _underway.RemoveAt(0);
                Deliver(one);
            }
        }
    }

    // Who owns a user does not matter to the ledger, as long as all agree.
    private static int OwnerOf(UserName user) => Array.IndexOf(Users, user);

    private void Ask(int node, UserName user, long lease)
    {
        var owner = OwnerOf(user);
        if (owner != node)
        {
            _asking[(node, lease)] = user;
            _underway.Add((owner, new AcquireSession(lease, user, 1, Limit, Node(node), [])));
        }
        else if (_ledgers[node].TryAdmit(user, Limit))
        {
            SetAlive(node, user, 1);
        }
    }

    private void Tell(int node)
    {
        if (_ledgers[node].TakeDelta() is { } delta)
            Broadcast(node, to => delta with { SettledGrants = _ledgers[node].SettledGrantsOf(Node(to)) });
    }

    private void Broadcast(int from, Func<int, IClusterMessage> message)
    {
        for (var to = 0; to < Nodes; to++)
        {
            if (to != from)
                _underway.Add((to, message(to)));
        }
    }

    private void Deliver((int To, IClusterMessage Message) one)
    {
        var ledger = _ledgers[one.To];
        switch (one.Message)
        {
            case AcquireSession request:
                var grant = ledger.TryGrant(request.Origin, request.Lease, request.User, request.MaxSessions, _now);
                var outcome = grant > 0 ? AdmissionOutcome.Granted : AdmissionOutcome.LimitReached;
                _underway.Add((IndexOf(request.Origin), new SessionDecision(request.Lease, outcome, grant, ledger.Self, null)));
                break;
            case SessionDecision { Outcome: AdmissionOutcome.Granted } decision:
                if (ledger.Settle(decision.Owner, decision.Grant) && _asking.Remove((one.To, decision.Lease), out var user))
                    SetAlive(one.To, user, 1);
                break;
            case SessionDecision decision:
                _asking.Remove((one.To, decision.Lease));
                break;
            case LedgerDelta delta when !ledger.Receive(delta):
                _underway.Add((IndexOf(delta.Node), new LedgerSnapshotRequest(ledger.Self)));
                break;
            case LedgerDigest digest when !ledger.Receive(digest):
                _underway.Add((IndexOf(digest.Node), new LedgerSnapshotRequest(ledger.Self)));
                break;
            case LedgerSnapshot part:
                ledger.Receive(part);
                break;
            case LedgerSnapshotRequest request:
                Tell(one.To);
                foreach (var part in ledger.SnapshotFor(request.Receiver))
                    _underway.Add((IndexOf(request.Receiver), part));
                break;
        }
    }

    private void SetAlive(int node, UserName user, int difference)
    {
        var alive = _alive[(node, user)] = _alive.GetValueOrDefault((node, user)) + difference;
        _ledgers[node].SetOwn(user, alive);
    }

    private static int IndexOf(NodeIncarnation node) => node.Uid - 7;
}
