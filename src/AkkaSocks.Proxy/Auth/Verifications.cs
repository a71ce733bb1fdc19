using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// Passwords being verified for one registry, on the threads of a <see cref="PasswordVerifier"/>. Equal credentials that arrive
/// from the same address while they are being verified wait for that one result, so a client that opens a hundred connections at
/// once costs one verification, and one failure.
/// </summary>
/// <remarks>
/// <code>
/// Authenticate ─ banned ─ wait as long as a wrong password does ─► Verdict(AddressBanned, UserBanned)
///              ├ known lately ──────────────────────────────────► Verdict
///              ├ the same is being verified ─ wait ─┐
///              ├ queue full ────────────────────────┼───► Verdict(VerificationBusy)
///              └ queue ─► verifier thread ─► Verified ──► Verdict to all who wait
///                            └ banned meanwhile: as above
/// </code>
/// An unknown user takes the same path with a decoy for a password, and who is banned waits, so neither bytes nor time tell them
/// from a known user's wrong password.
/// </remarks>
internal sealed class Verifications : IDisposable
{
    private readonly Dictionary<(CredentialKey Credentials, ClientNetwork Client), Round> _waiting = [];
    private readonly VerdictTimes _times = new();
    private readonly PasswordVerifier _verifier;
    private readonly Authenticator _authenticator;
    private readonly TimeProvider _clock;
    private readonly IActorRef _registry;

    /// <summary>For one registry.</summary>
    /// <param name="settings">For the threads and the queue.</param>
    /// <param name="authenticator">Which sessions ask first.</param>
    /// <param name="clock">For how long verdicts take.</param>
    /// <param name="registry">Told <see cref="Verified"/> and <see cref="Measured"/>.</param>
    public Verifications(AuthSettings settings, Authenticator authenticator, TimeProvider clock, IActorRef registry)
    {
        (_authenticator, _clock, _registry) = (authenticator, clock, registry);
        _verifier = new PasswordVerifier(settings.VerificationParallelism, settings.VerificationQueue);
        if (settings.Methods.Contains(AcceptedMethod.Password))
            Measure(authenticator, registry);
    }

    /// <summary>Told to the registry when a password was verified: to be handed to <see cref="Settle"/>.</summary>
    /// <param name="Login">Who, from where.</param>
    /// <param name="Claim">What was verified.</param>
    /// <param name="Refusal">What came of it.</param>
    /// <param name="WasForegone">It was known without a verification when its turn came.</param>
    internal sealed record Verified(LoginOrigin Login, LoginClaim Claim, Refusal Refusal, bool WasForegone);

    /// <summary>Told to the registry once: how long a verification takes here, to be handed to <see cref="Learn"/>.</summary>
    internal sealed record Measured(TimeSpan Time);

    private sealed record Round(long Since, List<Waiting> Sessions);

    private readonly record struct Waiting(IActorRef Session, long Correlation);

    /// <summary>Has the registry told how long a verification takes here, before the first of them: who is banned waits as long.</summary>
    public static void Measure(Authenticator authenticator, IActorRef registry) =>
        Task.Run(() => registry.Tell(new Measured(authenticator.MeasureVerification()), ActorRefs.NoSender));

    /// <summary>Answers at once or begins a verification.</summary>
    public void Judge(AuthRegistry.Authenticate asked, IActorRef asker)
    {
        var credentials = asked.Credentials;
        var login = new LoginOrigin(credentials.UserName, asked.Client);
        var session = new Waiting(asker, asked.Correlation);
        if (_authenticator.Guard.Objection(login) is var banned and not Refusal.None)
        {
            credentials.Dispose();
            TellInTime(new Round(_clock.GetTimestamp(), [session]), banned, login.User);
            return;
        }

        var claim = _authenticator.ClaimOf(credentials);
        if (_authenticator.Knows(claim))
        {
            credentials.Dispose();
            _authenticator.Guard.Succeeded(login);
            Tell(session, Refusal.None, claim.User, claim.Record);
        }
        else if (_waiting.TryGetValue((claim.Key, login.Network), out var round))
        {
            credentials.Dispose();
            round.Sessions.Add(session);
        }
        else if (TryVerify(credentials, login, claim))
        {
            _waiting.Add((claim.Key, login.Network), new Round(_clock.GetTimestamp(), [session]));
        }
        else
        {
            credentials.Dispose();
            Tell(session, Refusal.VerificationBusy, claim.User, null);
        }
    }

    /// <summary>Answers all who waited for a verification.</summary>
    public void Settle(Verified verified)
    {
        var (login, claim, refusal, wasForegone) = verified;
        if (!_waiting.Remove((claim.Key, login.Network), out var round))
            return;
        if (refusal is Refusal.AddressBanned or Refusal.UserBanned)
        {
            TellInTime(round, refusal, login.User);
            return;
        }

        if (refusal == Refusal.BadCredentials)
            _times.Add(_clock.GetElapsedTime(round.Since));
        if (refusal == Refusal.None)
            refusal = wasForegone ? StillKnown(claim) : _authenticator.Confirm(claim);
        if (refusal == Refusal.None)
            refusal = _authenticator.Guard.Objection(login);
        if (refusal == Refusal.None)
            _authenticator.Guard.Succeeded(login);
        foreach (var session in round.Sessions)
            Tell(session, refusal, claim.User, refusal == Refusal.None ? claim.Record : null);
    }

    /// <summary>A verification takes so long: until wrong passwords have come by.</summary>
    public void Learn(Measured measured) => _times.Add(measured.Time);

    /// <inheritdoc/>
    public void Dispose() => _verifier.Dispose();

    // On the verifier's thread, before it takes the next: of many that wait only so many are verified as may fail.
    private bool TryVerify(Credentials credentials, LoginOrigin login, LoginClaim claim)
    {
        var guard = _authenticator.Guard;
        var wasForegone = false;
        return _verifier.TryEnqueue(credentials, claim.Password, Foregone, refusal =>
        {
            if (refusal == Refusal.BadCredentials)
                guard.Failed(login);
            _registry.Tell(new Verified(login, claim, refusal, wasForegone), ActorRefs.NoSender);
        });

        Refusal? Foregone()
        {
            Refusal? foregone = guard.Objection(login) is var banned and not Refusal.None ? banned
                : _authenticator.Knows(claim) ? Refusal.None
                : null;
            wasForegone = foregone is not null;
            return foregone;
        }
    }

    private Refusal StillKnown(LoginClaim claim) => _authenticator.Knows(claim) ? Refusal.None : Refusal.BadCredentials;

    /// <summary>Tells a verdict that cost nothing no sooner than one that did would have come.</summary>
    private void TellInTime(Round round, Refusal refusal, UserName user)
    {
        var left = _times.Draw() - _clock.GetElapsedTime(round.Since);
        if (left > TimeSpan.Zero)
            Task.Delay(left, _clock).ContinueWith(_ => TellAll(), TaskScheduler.Default);
        else
            TellAll();

        void TellAll()
        {
            foreach (var session in round.Sessions)
                Tell(session, refusal, user, null);
        }
    }

    private void Tell(Waiting session, Refusal refusal, UserName user, Users.UserRecord? record) =>
        session.Session.Tell(new Verdict(refusal, user, session.Correlation, record), _registry);
}
