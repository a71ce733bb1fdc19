using Microsoft.Data.Sqlite;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>
/// <c>auth.store.kind = embedded</c>: a SQLite file of this node alone, <c>users.db</c> in <c>node.data-directory</c>. In WAL
/// mode a crash of the process loses nothing and one of the machine at most the last moments, which the other nodes give back;
/// a transaction that failed, for want of space say, leaves the file as it was.
/// </summary>
internal sealed class SqliteUserTable : IUserTable
{
    private const string FileName = "users.db";

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly FileStream? _lock;
    private readonly SqliteCommand? _upsert;

    private SqliteUserTable(string path, SqliteConnection connection, FileStream? @lock)
    {
        (_path, _connection, _lock) = (path, connection, @lock);
        _upsert = @lock is null ? null : UserRow.Upsert(connection);
    }

    /// <summary>
    /// Opens the store in this directory, or makes it: the directory for its owner alone, and every file in it. A store that is
    /// there and cannot be written, because its disk is full or can only be read, is opened to be read: who is in it can log in.
    /// </summary>
    /// <exception cref="UserStoreException">It cannot be opened, or another process has it.</exception>
    public static SqliteUserTable Open(string directory)
    {
        var path = Path.Combine(Path.GetFullPath(directory), FileName);
        try
        {
            return OpenToWrite(directory, path);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            return TryOpenToRead(path)
                ?? throw new UserStoreException(path, $"{Words(failure)}; {UserFiles.Remedy}", failure);
        }
    }

    /// <summary>All records, tombstones included, in any order.</summary>
    /// <exception cref="UserStoreException">They cannot be read.</exception>
    public IReadOnlyCollection<UserRecord> ReadAll() => Do(() => UserRow.ReadAll(_connection));

    /// <inheritdoc/>
    public IReadOnlyList<UserRecord> Write(IReadOnlyList<UserRecord> users) => Do(() =>
    {
        var upsert = _upsert ?? throw new UserStoreException(_path, "it could only be opened to be read");
        using var transaction = _connection.BeginTransaction();
        upsert.Transaction = transaction;
        foreach (var user in users)
        {
            UserRow.Fill(upsert, user);
            upsert.ExecuteNonQuery();
        }

        transaction.Commit();
        return users;
    });

    /// <inheritdoc/>
    public void Purge(long before) => Do(() =>
    {
        using var delete = _connection.CreateCommand();
        delete.CommandText = "DELETE FROM users WHERE deleted AND revision < $before";
        delete.Parameters.AddWithValue("$before", before);
        return delete.ExecuteNonQuery();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _upsert?.Dispose();
        _connection.Dispose();
        _lock?.Dispose();
    }

    private T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure)
        {
            throw new UserStoreException(_path, Words(failure), failure);
        }
    }

    private static string Words(Exception failure) => (failure as SqliteException)?.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => "there is no space left on its disk",
        SQLitePCL.raw.SQLITE_READONLY => "it can only be read",
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT => "it is no SQLite database, or a damaged one",
        _ => failure.Message.TrimEnd('.'),
    };

    private static SqliteUserTable OpenToWrite(string directory, string path)
    {
        UserFiles.Prepare(directory, path);
        var taken = UserFiles.Take(path);
        SqliteConnection? connection = null;
        try
        {
            connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
            SqliteSchema.Prepare(connection, path);
            return new SqliteUserTable(path, connection, taken);
        }
        catch
        {
            connection?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    // A clean stop leaves no log. Without one SQLite needs nothing it would have to write: the file is immutable then.
    private static SqliteUserTable? TryOpenToRead(string path)
    {
        if (!File.Exists(path))
            return null;
        var hasLog = new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };
        SqliteConnection? connection = null;
        try
        {
            connection = Connect(hasLog ? path : $"{new Uri(path).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly);
            var table = new SqliteUserTable(path, connection, @lock: null);
            table.ReadAll();
            return table;
        }
        catch (Exception failure) when (failure is SqliteException or UserStoreException)
        {
            connection?.Dispose();
            return null;
        }
    }

    private static SqliteConnection Connect(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
