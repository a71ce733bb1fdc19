using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// Passwords being verified for one registry, on the threads of a <see cref="PasswordVerifier"/>. Equal credentials that arrive
/// while they are being verified wait for that one result, so a client that opens a hundred connections at once costs one
/// verification.
/// </summary>
/// <remarks>
/// <code>
/// Authenticate ─ known lately ──────────────────────────► Verdict
///              ├ the same is being verified ─ wait ─┐
///              ├ queue full ────────────────────────┼───► Verdict(VerificationBusy)
///              └ queue ─► verifier thread ─► Verified ──► Verdict to all who wait
/// </code>
/// An unknown user takes the same path with a decoy for a password, so neither bytes nor time tell it from a known one.
/// </remarks>
/// <param name="settings">For the threads and the queue.</param>
/// <param name="authenticator">Which sessions ask first.</param>
/// <param name="registry">Told <see cref="Verified"/>.</param>
internal sealed class Verifications(AuthSettings settings, Authenticator authenticator, IActorRef registry) : IDisposable
{
    private readonly Dictionary<CredentialKey, List<Waiting>> _waiting = [];
    private readonly PasswordVerifier _verifier = new(settings.VerificationParallelism, settings.VerificationQueue);

    /// <summary>Told to the registry when a password was verified: to be handed to <see cref="Settle"/>.</summary>
    internal sealed record Verified(LoginClaim Claim, Refusal Refusal);

    private readonly record struct Waiting(IActorRef Session, long Correlation);

    /// <summary>Answers at once or begins a verification.</summary>
    public void Judge(Credentials credentials, IActorRef asker, long correlation)
    {
        var session = new Waiting(asker, correlation);
        var claim = authenticator.ClaimOf(credentials);
        if (authenticator.Knows(claim))
        {
            credentials.Dispose();
            Tell(session, Refusal.None, claim);
        }
        else if (_waiting.TryGetValue(claim.Key, out var others))
        {
            credentials.Dispose();
            others.Add(session);
        }
        else if (_verifier.TryEnqueue(credentials, claim.Password, refusal => registry.Tell(new Verified(claim, refusal))))
        {
            _waiting.Add(claim.Key, [session]);
        }
        else
        {
            credentials.Dispose();
            Tell(session, Refusal.VerificationBusy, claim);
        }
    }

    /// <summary>Answers all who waited for a verification.</summary>
    public void Settle(Verified verified)
    {
        var refusal = verified.Refusal;
        if (refusal == Refusal.None)
            refusal = authenticator.Confirm(verified.Claim);

        _waiting.Remove(verified.Claim.Key, out var sessions);
        foreach (var session in sessions ?? [])
            Tell(session, refusal, verified.Claim);
    }

    /// <inheritdoc/>
    public void Dispose() => _verifier.Dispose();

    private void Tell(Waiting session, Refusal refusal, LoginClaim claim) => session.Session.Tell(
        new Verdict(refusal, claim.User, session.Correlation, refusal == Refusal.None ? claim.Record : null), registry);
}
