using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>The users of a node, and where they outlive it.</summary>
internal sealed class UserStore : IDisposable
{
    private readonly PostgresFollower? _follower;

    private UserStore(UserDirectory directory, UserWriter? writer, PostgresFollower? follower) =>
        (Directory, Writer, _follower) = (directory, writer, follower);

    /// <summary>All users, in memory.</summary>
    public UserDirectory Directory { get; }

    /// <summary>What writes them down; null for <c>auth.store.kind = none</c>.</summary>
    public UserWriter? Writer { get; }

    /// <summary>Whether each node has a store of its own, so that nodes must tell each other.</summary>
    public bool IsReplicated => Writer is not null && _follower is null;

    /// <summary>Not null while the directory may lack changes of a shared store, because that is away.</summary>
    public Staleness? Stale => _follower?.Stale;

    /// <summary>Opens the store that the settings ask for and reads all users. Blocks for that long.</summary>
    /// <exception cref="UserStoreException">It cannot be opened or read.</exception>
    /// <exception cref="FormatException">A user of <c>auth.users</c> has a password that cannot be verified.</exception>
    public static UserStore Open(ProxySettings settings)
    {
        var directory = new UserDirectory(FixedUsers.Of(settings.Auth));
        var store = settings.Auth.Store;
        return store.Kind switch
        {
            UserStoreKind.Embedded => OpenEmbedded(directory, settings.DataDirectory, store.Queue),
            UserStoreKind.Postgres => OpenShared(directory, store.PostgresConnection, store.Queue),
            _ => new UserStore(directory, writer: null, follower: null),
        };
    }

    /// <summary>Writes what waits, then closes the store. Blocks for that long.</summary>
    public void Dispose()
    {
        _follower?.Dispose();
        Writer?.Dispose();
    }

    private static UserStore OpenEmbedded(UserDirectory directory, string path, int queue)
    {
        var table = SqliteUserTable.Open(path);
        try
        {
            directory.Merge(table.ReadAll());
            return new UserStore(directory, new UserWriter(table, queue), follower: null);
        }
        catch (UserStoreException)
        {
            table.Dispose();
            throw;
        }
    }

    private static UserStore OpenShared(UserDirectory directory, string connection, int queue)
    {
        var table = PostgresUserTable.Open(connection);
        try
        {
            var follower = PostgresFollower.Start(table, directory, TimeProvider.System);
            return new UserStore(directory, new UserWriter(table, queue), follower);
        }
        catch (UserStoreException)
        {
            table.Dispose();
            throw;
        }
    }
}
