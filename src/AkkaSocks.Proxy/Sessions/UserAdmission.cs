using Akka.Actor;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>
/// An authenticated user's way in: is it still the user it was verified as, and has it a place left for this session? A user over
/// its limit has logged in all the same, or its client would ask for another password; its request is refused.
/// </summary>
internal struct UserAdmission
{
    private SessionLease? _place;

    /// <summary>Why the request is to be refused; <see cref="Refusal.None"/> when nothing speaks against it.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>Lets a user in, or asks.</summary>
    /// <param name="user">The record that was verified.</param>
    /// <param name="live">The session, to be found by whoever ends the sessions of a changed user.</param>
    /// <param name="wiring">Where to look and whom to ask.</param>
    /// <param name="session">Told <see cref="AuthRegistry.Admitted"/>, for <see cref="Settle"/>, when it takes asking.</param>
    /// <returns>True when <see cref="Refusal"/> is the last word.</returns>
    public bool Enter(UserRecord user, LiveSession live, SessionWiring wiring, IActorRef session)
    {
        // Whoever ends the sessions of a changed user looks for what stands here, so the directory is asked after it.
        live.AdmittedAs = user;
        if (wiring.Users.Find(user.Name) is var now && !ReferenceEquals(now, user)
            && Revocation.Of(user, now, DateTimeOffset.UtcNow) is not null)
        {
            Refusal = Refusal.UserRevoked;
            return true;
        }

        if (user.ExpiresAt is not null)
            wiring.AuthRegistry.Tell(AuthRegistry.WillExpire.Instance, ActorRefs.NoSender);
        _place = new SessionLease(wiring.OwnSessions, user.Name);
        if (user.MaxSessions is null)
        {
            _place.TryHold();
            return true;
        }

        wiring.AuthRegistry.Tell(new AuthRegistry.Admit(_place, user), session);
        return false;
    }

    /// <summary>The registry has answered.</summary>
    public void Settle(AuthRegistry.Admitted decision) => Refusal = decision.Refusal;

    /// <summary>The session is over.</summary>
    public readonly void Leave() => _place?.Return();
}
