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

/// <summary>
/// The actor at <c>/user/auth</c>, one per node: answers who may log in and who may have one more session, and keeps in step
/// with the registries of the other nodes. It never blocks. Only the dispatch of messages is here, a file for each who sends them:
/// sessions, operators, other nodes, the clock; what they do is in
/// <see cref="Verifications"/>, <see cref="SessionAdmission"/>, <see cref="LedgerExchange"/>, <see cref="BanExchange"/>,
/// <see cref="ClusterView"/> and <see cref="OperatorQuestions"/>.
/// </summary>
internal sealed partial class AuthRegistry : MeasuredActor, IWithTimers
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "auth";

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
                Operate(message);
                break;
        }

        _wiring.Counters.Hold(_ledger.GrantsHeld);
        if (_ledger.HasChanges)
            TellSoon();
        if ((_admission.IsWaiting || _questions.IsWaiting) && !Timers.IsTimerActive(Tick.Silence))
            Timers.StartSingleTimer(Tick.Silence, Tick.Silence, LookForSilenceEvery);
    }
}
