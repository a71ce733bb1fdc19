using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>Whether a change of a user ends the sessions it has.</summary>
internal static class Revocation
{
    /// <summary>Ends the sessions whose users were removed, disabled, given another password, or have expired.</summary>
    /// <param name="live">The sessions of this node.</param>
    /// <param name="users">The users by now.</param>
    /// <param name="time">The time by now.</param>
    /// <returns>Whether sessions are left whose users will expire.</returns>
    public static bool EndSessions(LiveSessions live, UserDirectory users, DateTimeOffset time)
    {
        var willExpire = false;
        foreach (var session in live.All())
        {
            if (session.AdmittedAs is not { } user)
                continue;
            var now = users.Find(user.Name);
            if (Of(user, now, time) is { } reason)
                session.Terminate(reason);
            else
                willExpire |= now!.ExpiresAt is not null;
        }

        return willExpire;
    }

    /// <summary>Why a session has to end; null when it may go on.</summary>
    /// <param name="admittedAs">The user's record when the session was let in.</param>
    /// <param name="now">Its record by now; null when there is none.</param>
    /// <param name="time">The time by now.</param>
    public static TerminationReason? Of(UserRecord admittedAs, UserRecord? now, DateTimeOffset time) =>
        now is not { Enabled: true, Deleted: false } ? TerminationReason.UserRevoked
        : now.HasExpired(time) ? TerminationReason.UserExpired
        : !ReferenceEquals(now, admittedAs) && now.Password != admittedAs.Password ? TerminationReason.PasswordChanged
        : null;
}
