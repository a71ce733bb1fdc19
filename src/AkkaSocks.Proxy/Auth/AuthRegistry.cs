using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth;

/// <summary>The registry's answer to <see cref="AuthRegistry.Authenticate"/>.</summary>
/// <param name="Refusal"><see cref="Refusal.None"/>: granted. Else <see cref="Refusal.BadCredentials"/> or
/// <see cref="Refusal.VerificationBusy"/>.</param>
/// <param name="User">The name that was claimed; proven only when granted.</param>
/// <param name="Correlation">That of the question.</param>
internal sealed record Verdict(Refusal Refusal, UserName User, long Correlation);

/// <summary>
/// The actor at <c>/user/auth</c>: answers who may log in. It never blocks: verifications run on the threads of its
/// <see cref="PasswordVerifier"/> and come back as messages. Equal credentials that arrive while they are being verified wait
/// for that one result, so a client that opens a hundred connections at once costs one verification.
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
internal sealed class AuthRegistry : UntypedActor
{
    private readonly Dictionary<CredentialKey, List<Waiting>> _waiting = [];
    private readonly Authenticator _authenticator;
    private readonly PasswordVerifier _verifier;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public AuthRegistry(AuthSettings settings, Authenticator authenticator)
    {
        _authenticator = authenticator;
        _verifier = new PasswordVerifier(settings.VerificationParallelism, settings.VerificationQueue);
    }

    /// <summary>Asks for a <see cref="Verdict"/>, told to the sender.</summary>
    /// <param name="Credentials">The registry's from here on; it disposes of them.</param>
    /// <param name="Correlation">Comes back in the verdict.</param>
    internal sealed record Authenticate(Credentials Credentials, long Correlation);

    /// <summary>Stand-in; answered by <see cref="Nodes"/>.</summary>
    internal sealed record GetNodes;

    /// <summary>Stand-in.</summary>
    internal sealed record Nodes(System.Collections.Immutable.ImmutableArray<NodeStatus> Items);

    /// <summary>Stand-in.</summary>
    internal sealed record NodeStatus(string Name, string Address, string State, bool IsSelf, bool IsDraining, int Sessions);

    /// <summary>Stand-in; answered by <see cref="SessionPage"/>: sessions after an id, in the order of ids.</summary>
    internal sealed record GetSessions(SessionFilter Filter, Telemetry.SessionId? After, int Count);

    /// <summary>Stand-in.</summary>
    internal sealed record SessionFilter(UserName? User, System.Net.IPAddress? Client, string? Node);

    /// <summary>Stand-in.</summary>
    internal sealed record SessionPage(System.Collections.Immutable.ImmutableArray<SessionView> Items, bool HasMore);

    /// <summary>Stand-in.</summary>
    internal sealed record SessionView(
        Telemetry.SessionId Id, string Node, UserName? User, System.Net.IPEndPoint Client, string? Destination, long Up, long Down, TimeSpan Age);

    /// <summary>Stand-in; answered by <see cref="SessionsTerminated"/>.</summary>
    internal sealed record TerminateSessions(Telemetry.SessionId Session, TerminationReason Reason);

    /// <summary>Stand-in.</summary>
    internal sealed record SessionsTerminated(int Count);

    /// <summary>Stand-in; answered by <see cref="SessionCount"/>.</summary>
    internal sealed record GetSessionCounts(UserName User);

    /// <summary>Stand-in.</summary>
    internal sealed record SessionCount(int Sessions);

    /// <summary>Stand-in; null is the node asked. Answered by <see cref="Draining"/>.</summary>
    internal sealed record Drain(string? Node);

    /// <summary>Stand-in; null: there is no such node.</summary>
    internal sealed record Draining(string? Node);

    private sealed record Verified(LoginClaim Claim, Refusal Refusal);

    private readonly record struct Waiting(IActorRef Session, long Correlation);

    /// <summary>A registry for the users of this authenticator, which sessions ask first.</summary>
    public static Props Props(AuthSettings settings, Authenticator authenticator) =>
        Akka.Actor.Props.Create(() => new AuthRegistry(settings, authenticator));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Authenticate asked:
                Judge(asked.Credentials, new Waiting(Sender, asked.Correlation));
                break;
            case Verified verified:
                Settle(verified);
                break;
            case GetNodes:
                Sender.Tell(new Nodes([new("stand-in", "127.0.0.1:0", "up", IsSelf: true, IsDraining: false, 0)]));
                break;
            case GetSessions:
                Sender.Tell(new SessionPage([], HasMore: false));
                break;
            case TerminateSessions:
                Sender.Tell(new SessionsTerminated(0));
                break;
            case GetSessionCounts:
                Sender.Tell(new SessionCount(0));
                break;
            case Drain:
                Sender.Tell(new Draining("stand-in"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _verifier.Dispose();

    private void Judge(Credentials credentials, Waiting session)
    {
        var claim = _authenticator.ClaimOf(credentials);
        if (_authenticator.Knows(claim))
        {
            credentials.Dispose();
            Tell(session, Refusal.None, claim.User);
        }
        else if (_waiting.TryGetValue(claim.Key, out var others))
        {
            credentials.Dispose();
            others.Add(session);
        }
        else if (TryVerify(credentials, claim))
        {
            _waiting.Add(claim.Key, [session]);
        }
        else
        {
            credentials.Dispose();
            Tell(session, Refusal.VerificationBusy, claim.User);
        }
    }

    private bool TryVerify(Credentials credentials, LoginClaim claim)
    {
        var self = Self;
        return _verifier.TryEnqueue(credentials, claim.Password, refusal => self.Tell(new Verified(claim, refusal)));
    }

    private void Settle(Verified verified)
    {
        var refusal = verified.Refusal;
        if (refusal == Refusal.None && !_authenticator.Confirm(verified.Claim))
            refusal = Refusal.BadCredentials;

        _waiting.Remove(verified.Claim.Key, out var sessions);
        foreach (var session in sessions ?? [])
            Tell(session, refusal, verified.Claim.User);
    }

    private void Tell(Waiting session, Refusal refusal, UserName user) =>
        session.Session.Tell(new Verdict(refusal, user, session.Correlation));
}
