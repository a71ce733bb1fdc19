using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Stand-in until the users branch is merged.</summary>
internal static class FixedUsers
{
    /// <summary>Their records.</summary>
    public static IEnumerable<UserRecord> Of(AuthSettings settings) => settings.Users.Select(user => new UserRecord
    {
        Name = UserName.FromText(user.Name), Password = user.Password, MaxSessions = user.MaxSessions, Revision = 1,
    });
}
