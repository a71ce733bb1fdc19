using Google.Protobuf;

namespace AkkaSocks.Proxy.Auth.Users.Wire;

/// <summary>Users as bytes: see <c>users.proto</c>. Equal records are equal bytes, on every node.</summary>
internal static class UserWire
{
    /// <summary>The bytes of a record.</summary>
    public static byte[] Pack(UserRecord user) => Frame(user).ToByteArray();

    private static UserFrame Frame(UserRecord user)
    {
        var frame = new UserFrame
        {
            Name = ByteString.CopyFrom(user.Name.Bytes),
            Password = user.Password,
            Enabled = user.Enabled,
            Groups = { user.Groups },
            Labels = { user.Labels.Select(label => new LabelFrame { Key = label.Key, Value = label.Value }) },
            Revision = (ulong)user.Revision,
            Writer = user.Writer,
            Deleted = user.Deleted,
        };
        if (user.MaxSessions is { } sessions)
            frame.MaxSessions = sessions;
        if (user.ExpiresAt is { } time)
            frame.ExpiresAt = time.ToUnixTimeMilliseconds();
        return frame;
    }
}
