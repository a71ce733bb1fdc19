using AkkaSocks.Proxy.Auth.Users.Wire;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>What a record must be, so that clients can log in with it and nodes can send it to each other.</summary>
internal static class UserLimits
{
    /// <summary>Bytes of a record at most. A page between nodes must hold at least one, far below the frame of 128,000 bytes
    /// that remoting would drop without a word. Enforced by the <see cref="UserStoreActor"/>.</summary>
    public const int MaxRecordBytes = 8 * 1024;

    /// <summary>What is wrong with a user that somebody wants to store; null when nothing is.</summary>
    public static string? Problem(UserRecord user)
    {
        if (user.Name.Bytes.IsEmpty)
            return "a user's name has from 1 to 255 bytes";
        if (user.MaxSessions < 0)
            return "a limit of sessions is not below 0";
        if (user.Commands is 0)
            return "a user may use one command at least";
        if (!user.Deleted && !PasswordHash.TryParse(user.Password, out _, out var reason))
            return $"the password hash cannot be used: {reason}";
        if (UserWire.Pack(user).Length > MaxRecordBytes)
            return $"groups and labels are too long: a user has {MaxRecordBytes} bytes at most";
        return null;
    }
}
