using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// Both sides of a limited user's admission: asking the owner on behalf of this node's sessions, and deciding as the owner for
/// all nodes. Used by the registry alone.
/// </summary>
/// <remarks>
/// <code>
/// asked ─ this node owns the user ─────────────────────────────────► TryAdmit ─► answer
///       ├ another does ─ AcquireSession ─► SessionDecision ───────────────────► answer
///       │                 ├ NotOwner: to the one it names, to it again without that one, or to the next
///       │                 └ silence for 1 s, or the connection broke: suspect; to the next
///       └ nobody can be asked ─ auth.on-isolation: local ─► TryAdmit ─► answer · deny ─► RegistryUnavailable
/// </code>
/// </remarks>
internal sealed class SessionAdmission
{
    /// <summary>How long an owner may take.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    // A grant is void for its asker long before its owner forgets it: no session is counted whose place was given away.
    private static readonly TimeSpan GrantTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GrantMemory = TimeSpan.FromSeconds(15);
    private const int MostAttempts = 8;
    private const string Silence = "silence";

    private static readonly string[] Labels = ["", .. Enum.GetNames<AdmissionOutcome>().Select(KebabCase.Of)];

    private readonly Dictionary<long, Pending> _pending = [];
    private readonly SessionLedger _ledger;
    private readonly LedgerExchange _exchange;
    private readonly ClusterView _view;
    private readonly UserDirectory _users;
    private readonly bool _deniesIsolated;
    private readonly LedgerCounters _counters;
    private readonly IActorRef _self;
    private long _lastLease;

    /// <summary>For one registry.</summary>
    /// <param name="ledger">The registry's.</param>
    /// <param name="exchange">The registry's.</param>
    /// <param name="view">The registry's.</param>
    /// <param name="users">The users.</param>
    /// <param name="settings">For <c>auth.on-isolation</c>.</param>
    /// <param name="cluster">A node with seeds expects others.</param>
    /// <param name="counters">Where decisions are counted.</param>
    /// <param name="self">The registry.</param>
    public SessionAdmission(
        SessionLedger ledger,
        LedgerExchange exchange,
        ClusterView view,
        UserDirectory users,
        AuthSettings settings,
        ClusterSettings cluster,
        LedgerCounters counters,
        IActorRef self)
    {
        (_ledger, _exchange, _view, _users, _counters, _self) = (ledger, exchange, view, users, counters, self);
        _deniesIsolated = settings.OnIsolation == IsolationPolicy.Deny && cluster.Seeds.Length > 0;
    }

    private sealed class Pending(long number, SessionLease lease, UserRecord user, int limit, IActorRef session)
    {
        public long Number => number;

        public SessionLease Lease => lease;

        public UserRecord User => user;

        public int Limit => limit;

        public IActorRef Session => session;

        public NodeIncarnation Asked { get; set; }

        public long AskedAt { get; set; }

        public int Attempts { get; set; }

        public long SentAt { get; set; }

        public ImmutableArray<NodeIncarnation> Skipped { get; set; } = [];

        /// <summary>Said that they are not the owner.</summary>
        public ImmutableArray<NodeIncarnation> Declined { get; set; } = [];
    }

    /// <summary>Sessions that wait for a decision.</summary>
    public bool IsWaiting => _pending.Count > 0;

    private static long Now => Environment.TickCount64;

    private bool MayNobodyDecide => _deniesIsolated && _view.SeesNobody;

    /// <summary>A session of this node wants a place; it is told an <see cref="AuthRegistry.Admitted"/>.</summary>
    public void Ask(SessionLease lease, UserRecord user, int limit, IActorRef session) =>
        Ask(new Pending(++_lastLease, lease, user, limit, session));

    /// <summary>What would become of <see cref="Ask(SessionLease, UserRecord, int, IActorRef)"/>, by what this node knows; the owner, who
    /// decides, knows as much but for the last 100 ms.</summary>
    public AuthRegistry.Foreseen Foresee(UserRecord user)
    {
        _exchange.Refresh();
        var refusal = user.MaxSessions is not { } limit ? Refusal.None
            : MayNobodyDecide ? Refusal.RegistryUnavailable
            : !_ledger.TryAdmit(user.Name, limit) ? Refusal.TooManySessionsOfUser
            : Refusal.None;
        return new AuthRegistry.Foreseen(refusal, _ledger.TotalOf(user.Name));
    }

    /// <summary>Another node asks.</summary>
    public void Receive(AcquireSession request, IActorRef asker)
    {
        _exchange.Refresh();
        asker.Tell(Decide(request), _self);
    }

    /// <summary>An owner has decided.</summary>
    public void Receive(SessionDecision decision)
    {
        var isWanted = _pending.TryGetValue(decision.Lease, out var pending)
            && pending.Asked == decision.Owner && Now - pending.AskedAt < GrantTime.TotalMilliseconds;
        var isValid = decision.Outcome != AdmissionOutcome.Granted || _ledger.Settle(decision.Owner, decision.Grant);
        if (!isWanted)
            return;
        _counters.Answered(pending!.SentAt, Stopwatch.GetTimestamp());
        _counters.Decided(LedgerCounters.Decider.Owner, LabelOf(decision.Outcome));
        switch (decision.Outcome)
        {
            case AdmissionOutcome.Granted when isValid:
                pending.Lease.TryHold();
                Answer(pending, Refusal.None);
                break;
            case AdmissionOutcome.Granted:
                Send(pending, decision.Owner);
                break;
            case AdmissionOutcome.LimitReached:
                Answer(pending, Refusal.TooManySessionsOfUser);
                break;
            case AdmissionOutcome.Revoked:
                Answer(pending, Refusal.UserRevoked);
                break;
            default:
                AskElsewhere(pending, decision.Elsewhere);
                break;
        }
    }

    /// <summary>Gives up on owners that have not answered in time.</summary>
    /// <returns>Those that are newly suspect.</returns>
    public ImmutableArray<NodeIncarnation> GiveUpTheSilent()
    {
        var now = Now;
        var silent = _pending.Values.Where(pending => now - pending.AskedAt >= AnswerTime.TotalMilliseconds)
            .Select(pending => pending.Asked).ToImmutableHashSet();
        return [.. silent.Where(_view.Suspect)];
    }

    /// <summary>Forgets grants whose askers have long stopped waiting for them.</summary>
    public void ForgetOldGrants() => _ledger.ExpireGrants(Now - (long)GrantMemory.TotalMilliseconds);

    /// <summary>Asks the next for all that were waiting for a node.</summary>
    public void PassOver(NodeIncarnation node)
    {
        foreach (var pending in _pending.Values.Where(pending => pending.Asked == node).ToList())
        {
            _counters.Decided(LedgerCounters.Decider.Owner, Silence);
            pending.Skipped = pending.Skipped.Add(node);
            Ask(pending);
        }
    }

    private void Ask(Pending pending)
    {
        if (OwnerOf(pending) is not { } owner)
            Answer(pending, Refusal.RegistryUnavailable);
        else if (owner == _ledger.Self)
            AdmitHere(pending);
        else
            Send(pending, owner);
    }

    /// <summary>Who decides; null when nobody may.</summary>
    private NodeIncarnation? OwnerOf(Pending pending)
    {
        if (MayNobodyDecide)
            return null;
        var user = pending.User.Name;
        var owner = UserOwner.Of(user, _view.Candidates, pending.Skipped) ?? _ledger.Self;

        // Just come, and does not know all sessions yet: rather somebody else, if there is anybody.
        return owner == _ledger.Self && !KnowsAll(pending.Skipped)
            ? UserOwner.Of(user, _view.Candidates, pending.Skipped.Add(owner)) ?? owner
            : owner;
    }

    private void AdmitHere(Pending pending)
    {
        _exchange.Refresh();
        var isAdmitted = _ledger.TryAdmit(pending.User.Name, pending.Limit);
        Count(LedgerCounters.Decider.Self, isAdmitted ? AdmissionOutcome.Granted : AdmissionOutcome.LimitReached, pending.User.Name, pending.Limit);
        if (isAdmitted)
            pending.Lease.TryHold();
        Answer(pending, isAdmitted ? Refusal.None : Refusal.TooManySessionsOfUser);
    }

    private void Send(Pending pending, NodeIncarnation owner)
    {
        if (pending.Attempts == MostAttempts || !_view.Peers.TryGetValue(owner, out var peer))
        {
            Answer(pending, Refusal.RegistryUnavailable);
            return;
        }

        (pending.Asked, pending.AskedAt, pending.SentAt) = (owner, Now, Stopwatch.GetTimestamp());
        pending.Attempts++;
        _pending[pending.Number] = pending;
        var request = new AcquireSession(
            pending.Number, pending.User.Name, pending.User.Revision, pending.Limit, _ledger.Self, [.. _view.Unheard.Union(pending.Skipped)]);
        peer.Registry.Tell(request, _self);
    }

    /// <summary>
    /// The one asked is not the owner. Whom it names instead may be unknown here, or may have said the same of itself, as a node that
    /// has just come and does not know yet that it is up: then the one asked is asked again, to do without.
    /// </summary>
    private void AskElsewhere(Pending pending, NodeIncarnation? elsewhere)
    {
        pending.Declined = pending.Declined.Add(pending.Asked);
        if (elsewhere is not { } owner)
        {
            pending.Skipped = pending.Skipped.Add(pending.Asked);
            Ask(pending);
        }
        else if (_view.Peers.TryGetValue(owner, out var peer) && peer.IsHeard
            && !pending.Skipped.Contains(owner) && !pending.Declined.Contains(owner))
        {
            Send(pending, owner);
        }
        else
        {
            pending.Skipped = pending.Skipped.Add(owner);
            Send(pending, pending.Asked);
        }
    }

    private void Answer(Pending pending, Refusal refusal)
    {
        _pending.Remove(pending.Number);
        pending.Session.Tell(new AuthRegistry.Admitted(refusal), _self);
    }

    private SessionDecision Decide(AcquireSession request)
    {
        // Unknown here says nothing: it may have been added a moment ago.
        var newer = _users.Find(request.User) is { } known && known.Revision > request.UserRevision ? known : null;
        if (newer is { Enabled: false })
            return Decision(AdmissionOutcome.Revoked);
        if (!KnowsAll(request.Skipped))
            return Decision(AdmissionOutcome.NotOwner);

        // The asker may know more than this node, or less, but one it has skipped it cannot ask.
        var owner = UserOwner.Of(request.User, _view.Candidates, request.Skipped);
        if (owner != _ledger.Self)
            return Decision(AdmissionOutcome.NotOwner) with { Elsewhere = owner };

        var limit = newer is null ? request.MaxSessions : newer.MaxSessions ?? int.MaxValue;
        var grant = _ledger.TryGrant(request.Origin, request.Lease, request.User, limit, Now);
        Count(LedgerCounters.Decider.ForOthers, grant == 0 ? AdmissionOutcome.LimitReached : AdmissionOutcome.Granted, request.User, limit);
        return grant == 0 ? Decision(AdmissionOutcome.LimitReached) : Decision(AdmissionOutcome.Granted) with { Grant = grant };

        SessionDecision Decision(AdmissionOutcome outcome) => new(request.Lease, outcome, 0, _ledger.Self, null);
    }

    private void Count(LedgerCounters.Decider by, AdmissionOutcome outcome, UserName user, int limit)
    {
        _counters.Decided(by, LabelOf(outcome));
        if (outcome == AdmissionOutcome.LimitReached)
            _counters.Overshot(_ledger.TotalOf(user) - limit);
    }

    private static string LabelOf(AdmissionOutcome outcome) => Labels[(int)outcome];

    /// <summary>A node that has just come would count none of the sessions it has not heard of.</summary>
    private bool KnowsAll(ImmutableArray<NodeIncarnation> except) =>
        _view.Candidates.All(node => _ledger.Knows(node) || except.Contains(node));
}
