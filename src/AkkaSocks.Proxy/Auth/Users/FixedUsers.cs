using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>The users of <c>auth.users</c>: they are what its configuration says, and change when that is reloaded. They are never
/// stored.</summary>
internal static class FixedUsers
{
    // No clock gives it: the least revision that says "written".
    private const long Revision = 1;

    /// <summary>Their records.</summary>
    /// <exception cref="FormatException">A user's password cannot be verified; says which user and why.</exception>
    public static IEnumerable<UserRecord> Of(AuthSettings settings) => settings.Users.Select(user =>
        PasswordHash.TryParse(user.Password, out _, out var reason)
            ? new UserRecord
            {
                Name = UserName.FromText(user.Name),
                Password = user.Password,
                MaxSessions = user.MaxSessions,
                Commands = user.Commands,
                Revision = Revision,
            }
            : throw new FormatException($"The password of user '{UserName.FromText(user.Name)}' cannot be used: {reason}."));
}
