using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>The users of a node, and where they outlive it.</summary>
internal sealed class UserStore : IDisposable
{
    private UserStore(UserDirectory directory, UserWriter? writer, bool isReplicated) =>
        (Directory, Writer, IsReplicated) = (directory, writer, isReplicated);

    /// <summary>All users, in memory.</summary>
    public UserDirectory Directory { get; }

    /// <summary>What writes them down; null for <c>auth.store.kind = none</c>.</summary>
    public UserWriter? Writer { get; }

    /// <summary>Whether each node has a store of its own, so that nodes must tell each other.</summary>
    public bool IsReplicated { get; }

    /// <summary>Opens the store that the settings ask for and reads all users. Blocks for that long.</summary>
    /// <exception cref="UserStoreException">It cannot be opened or read.</exception>
    /// <exception cref="FormatException">A user of <c>auth.users</c> has a password that cannot be verified.</exception>
    public static UserStore Open(ProxySettings settings)
    {
        var directory = new UserDirectory(FixedUsers.Of(settings.Auth));
        return settings.Auth.Store.Kind switch
        {
            UserStoreKind.Embedded => Load(directory, SqliteUserTable.Open(settings.DataDirectory), settings.Auth.Store, isReplicated: true),
            _ => new UserStore(directory, null, isReplicated: false),
        };
    }

    /// <summary>Writes what waits, then closes the store. Blocks for that long.</summary>
    public void Dispose() => Writer?.Dispose();

    private static UserStore Load(UserDirectory directory, IUserTable table, UserStoreSettings settings, bool isReplicated)
    {
        try
        {
            directory.Merge(table.ReadAll());
            return new UserStore(directory, new UserWriter(table, settings.Queue), isReplicated);
        }
        catch (UserStoreException)
        {
            table.Dispose();
            throw;
        }
    }
}
