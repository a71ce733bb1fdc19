using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Auth;

/// <summary>The registry's answer to <see cref="AuthRegistry.Authenticate"/>.</summary>
/// <param name="Refusal"><see cref="Refusal.None"/>: granted. Else <see cref="Refusal.BadCredentials"/>,
/// <see cref="Refusal.UserDisabled"/>, <see cref="Refusal.UserExpired"/>, <see cref="Refusal.AddressBanned"/>,
/// <see cref="Refusal.UserBanned"/> or <see cref="Refusal.VerificationBusy"/>.</param>
/// <param name="User">The name that was claimed; proven only when granted.</param>
/// <param name="Correlation">That of the question.</param>
/// <param name="Record">The user's record that the password was verified against; null when not granted.</param>
internal sealed record Verdict(Refusal Refusal, UserName User, long Correlation, UserRecord? Record);

/// <summary>
/// The actor at <c>/user/auth</c>, one per node: answers who may log in and who may have one more session, and keeps in step
/// with the registries of the other nodes. It never blocks. Only the dispatch of messages is here; what they do is in
/// <see cref="Verifications"/>, <see cref="SessionAdmission"/>, <see cref="LedgerExchange"/>, <see cref="BanExchange"/>,
/// <see cref="ClusterView"/> and <see cref="OperatorQuestions"/>.
/// </summary>
internal sealed partial class AuthRegistry : MeasuredActor, IWithTimers
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "auth";

    private const long TellEvery = 100;
    private const long TellNewsEvery = 20;
    private static readonly TimeSpan DigestEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookForSilenceEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RevokeEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookForExpiryEvery = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly RegistryWiring _wiring;
    private readonly Verifications _verifications;
    private readonly ClusterView _view;
    private readonly SessionLedger _ledger;
    private readonly LedgerExchange _exchange;
    private readonly SessionAdmission _admission;
    private readonly BanExchange _bans;
    private readonly OperatorQuestions _questions;
    private readonly Action<UserRecord> _onUserChanged;
    private int _usersHaveChanged;
    private long _toldAt, _toldNewsAt;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public AuthRegistry(RegistryWiring wiring)
    {
        _wiring = wiring;
        _verifications = new Verifications(wiring.Settings.Auth, wiring.Authenticator, TimeProvider.System, Self);
        _view = new ClusterView(Context.System, ClusterView.NameOf(_cluster.SelfUniqueAddress));
        _ledger = new SessionLedger(_view.Self);
        _exchange = new LedgerExchange(_ledger, wiring.OwnSessions, _view, Self);
        _admission = new SessionAdmission(
            _ledger, _exchange, _view, wiring.Users, wiring.Settings.Auth, wiring.Settings.Cluster, wiring.Counters, Self);
        _bans = new BanExchange(Guard, wiring.LiveSessions, _view, Self);
        _questions = new OperatorQuestions(wiring, _view, Self);
        var self = Self;
        _onUserChanged = _ =>
        {
            if (Interlocked.Exchange(ref _usersHaveChanged, 1) == 0)
                self.Tell(Tick.UsersChanged, ActorRefs.NoSender);
        };
    }

    /// <summary>Asks for a <see cref="Verdict"/>, told to the sender.</summary>
    /// <param name="Credentials">The registry's from here on; it disposes of them.</param>
    /// <param name="Client">Where they come from.</param>
    /// <param name="Correlation">Comes back in the verdict.</param>
    internal sealed record Authenticate(Credentials Credentials, ClientNetwork Client, long Correlation);

    /// <summary>Asks for a place for one session of a user with a limit; the sender is told <see cref="Admitted"/>.</summary>
    /// <param name="Lease">Counted when granted; the session gives it back when it is over, whatever came of it.</param>
    /// <param name="User">Whose session.</param>
    internal sealed record Admit(SessionLease Lease, UserRecord User);

    /// <summary>The answer to <see cref="Admit"/>.</summary>
    /// <param name="Refusal"><see cref="Refusal.None"/>, <see cref="Refusal.TooManySessionsOfUser"/>,
    /// <see cref="Refusal.UserRevoked"/> or <see cref="Refusal.RegistryUnavailable"/>.</param>
    internal sealed record Admitted(Refusal Refusal);

    /// <summary>Asks what would become of <see cref="Admit"/>, taking no place; the sender is told <see cref="Foreseen"/>.</summary>
    /// <param name="User">Whose session.</param>
    internal sealed record Foresee(UserRecord User);

    /// <summary>The answer to <see cref="Foresee"/>.</summary>
    /// <param name="Refusal">As in <see cref="Admitted"/>.</param>
    /// <param name="Sessions">Sessions that the user has in the whole cluster, as far as this node has heard.</param>
    internal sealed record Foreseen(Refusal Refusal, int Sessions);

    /// <summary>Asks how many sessions a user has; the sender is told <see cref="SessionCount"/>.</summary>
    internal sealed record GetSessionCounts(UserName User);

    /// <summary>Sessions of a user in the whole cluster, as far as this node has heard.</summary>
    internal sealed record SessionCount(int Sessions);

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private LoginGuard Guard => _wiring.Authenticator.Guard;

    /// <summary>The registry of a node.</summary>
    public static Props Props(RegistryWiring wiring) => Akka.Actor.Props.Create(() => new AuthRegistry(wiring));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var self = Self;
        _wiring.OwnSessions.OnDirty = () => self.Tell(Tick.SessionsChanged, ActorRefs.NoSender);
        Guard.OnNews = () => self.Tell(Tick.GuardHasNews, ActorRefs.NoSender);
        _wiring.Users.Changed += _onUserChanged;
        _wiring.Drain.Begun.ContinueWith(_ => self.Tell(Tick.Drain, ActorRefs.NoSender), TaskScheduler.Default);
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(Tick.Digest, Tick.Digest, DigestEvery);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _wiring.Users.Changed -= _onUserChanged;
        _cluster.Unsubscribe(Self);
        _verifications.Dispose();
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception defect)
        {
            // Started anew it would know no sessions, and number its changes from 1 while all others wait for higher numbers.
            _log.Error(defect, "A defect in the auth registry at {0}. Please report it.", message.GetType().Name);
            return true;
        }
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Authenticate asked:
                _verifications.Judge(asked, Sender);
                break;
            case Verifications.Verified verified:
                _verifications.Settle(verified);
                break;
            case Verifications.Measured measured:
                _verifications.Learn(measured);
                break;
            case Admit asked:
                _admission.Ask(asked.Lease, asked.User, asked.User.MaxSessions ?? int.MaxValue, Sender);
                break;
            case Foresee asked:
                Sender.Tell(_admission.Foresee(asked.User));
                break;
            case WillExpire:
                WatchExpiry();
                break;
            case GetSessionCounts asked:
                _exchange.Refresh();
                Sender.Tell(new SessionCount(_ledger.TotalOf(asked.User)));
                break;
            case GetNodes:
                _questions.Gauge(Sender);
                break;
            case OperatorQuestions.Gauged gauged:
                _questions.Receive(gauged);
                break;
            case OperatorQuestions.Searched searched:
                _questions.Receive(searched);
                break;
            case OperatorQuestions.Walked walked:
                _questions.Receive(walked);
                break;
            case OperatorQuestions.LookedUp lookedUp:
                _questions.Receive(lookedUp);
                break;
            case Status.Failure failed:
                _log.Error(failed.Cause, "A defect in what operators ask. Please report it.");
                break;
            case GetBusiestUsers asked:
                _exchange.Refresh();
                Sender.Tell(new BusiestUsers(_ledger.Busiest(asked.Count)));
                break;
            case GetSessions asked:
                _questions.Ask(asked, Sender);
                break;
            case GetRefusals asked:
                _questions.Ask(asked, Sender);
                break;
            case GetExchanges asked:
                _questions.Ask(asked, Sender);
                break;
            case GetExchange asked:
                _questions.Ask(asked, Sender);
                break;
            case GetActors asked:
                _questions.Ask(asked, Sender);
                break;
            case GetLog asked:
                _questions.Ask(asked, Sender);
                break;
            case GetHistory:
                Sender.Tell(_questions.History());
                break;
            case TerminateSessions asked:
                _questions.Ask(asked, Sender);
                break;
            case Drain asked:
                Sender.Tell(_questions.Drain(asked.Node));
                break;
            case GetBans:
                Sender.Tell(new Bans(Guard.Bans()));
                break;
            case ImposeBan asked:
                Sender.Tell(new BanImposed(_bans.Impose(asked)));
                break;
            case LiftBan asked:
                Sender.Tell(new BanLifted(Guard.Lift(asked.Ban)));
                break;
            case IClusterMessage said:
                Hear(said);
                break;
            case ClusterEvent.IClusterDomainEvent happened:
                Follow(happened);
                break;
            case DisassociatedEvent lost:
                foreach (var node in _view.At(lost.RemoteAddress))
                    Suspect(node);
                break;
            case Tick tick:
                OnTick(tick);
                break;
            default:
                Unhandled(message);
                break;
        }

        _wiring.Counters.Hold(_ledger.GrantsHeld);
        if (_ledger.HasChanges)
            TellSoon();
        if ((_admission.IsWaiting || _questions.IsWaiting) && !Timers.IsTimerActive(Tick.Silence))
            Timers.StartSingleTimer(Tick.Silence, Tick.Silence, LookForSilenceEvery);
    }

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
            case NodeReport report:
                _view.Hear(report.Node);
                _view.Receive(report);
                _questions.Note(report);
                break;
            case FindSessions question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case SessionsFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindRefusals question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case RefusalsFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindExchanges question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case ExchangesFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindExchange question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case ExchangeFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindActors question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case ActorsFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindLog question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case LogFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case EndSessions question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case SessionsEnded answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case DrainNode order:
                _view.Hear(order.Asker);
                _questions.DrainThis();
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
                Unhandled(said);
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

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.SessionsChanged:
                TellSoon();
                break;
            case Tick.Tell:
                Tell();
                break;
            case Tick.GuardHasNews:
                TellNewsSoon();
                break;
            case Tick.TellNews:
                TellNews();
                break;
            case Tick.Digest:
                _admission.ForgetOldGrants();
                if (_view.Peers.Count > 0)
                {
                    _exchange.TellDigest();
                    _bans.TellDigest();
                }

                _questions.Gauge(asker: null);
                break;
            case Tick.UsersChanged when !Timers.IsTimerActive(Tick.Revoke):
                Revoke();
                Timers.StartSingleTimer(Tick.Revoke, Tick.Revoke, RevokeEvery);
                break;
            case Tick.Revoke when Volatile.Read(ref _usersHaveChanged) != 0:
            case Tick.Expiry:
                Revoke();
                break;
            case Tick.Silence:
                foreach (var silent in _admission.GiveUpTheSilent())
                    PassOver(silent);
                _questions.GiveUpTheSilent();
                break;
            case Tick.Drain:
                _questions.Report();
                break;
        }
    }

    /// <summary>At once, but not more often than every 100 ms.</summary>
    private void TellSoon()
    {
        if (Timers.IsTimerActive(Tick.Tell))
            return;
        var left = _toldAt + TellEvery - Environment.TickCount64;
        if (left <= 0)
            Tell();
        else
            Timers.StartSingleTimer(Tick.Tell, Tick.Tell, TimeSpan.FromMilliseconds(left));
    }

    /// <summary>At once, but not more often than every 20 ms: a flood of failures is told in few messages.</summary>
    private void TellNewsSoon()
    {
        if (Timers.IsTimerActive(Tick.TellNews))
            return;
        var left = _toldNewsAt + TellNewsEvery - Environment.TickCount64;
        if (left <= 0)
            TellNews();
        else
            Timers.StartSingleTimer(Tick.TellNews, Tick.TellNews, TimeSpan.FromMilliseconds(left));
    }

    private void TellNews()
    {
        _bans.TellNews();
        _toldNewsAt = Environment.TickCount64;
    }

    private void Revoke()
    {
        Volatile.Write(ref _usersHaveChanged, 0);
        if (Revocation.EndSessions(_wiring.LiveSessions, _wiring.Users, DateTimeOffset.UtcNow))
            WatchExpiry();
    }

    // A user whose time is over does not change.
    private void WatchExpiry()
    {
        if (!Timers.IsTimerActive(Tick.Expiry))
            Timers.StartSingleTimer(Tick.Expiry, Tick.Expiry, LookForExpiryEvery);
    }

    private void Tell()
    {
        _exchange.TellChanges();
        _toldAt = Environment.TickCount64;
    }

    private enum Tick
    {
        SessionsChanged,
        UsersChanged,
        Revoke,
        Tell,
        GuardHasNews,
        TellNews,
        Digest,
        Silence,
        Expiry,
        Drain,
    }
}
