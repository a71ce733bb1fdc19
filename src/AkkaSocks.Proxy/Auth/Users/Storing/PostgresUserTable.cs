using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>
/// <c>auth.store.kind = postgres</c>: one table that all nodes share, and the truth about stored users. The memory of this node
/// follows it by a <see cref="PostgresFollower"/>.
/// </summary>
internal sealed class PostgresUserTable : IUserTable
{
    // Npgsql would wait 15 s for a connection and up to three times 30 s for a command, too long for somebody who waits for an
    // answer while the database is away. And it would ask the server over another connection to cancel, which one that has fallen
    // silent keeps for a minute. What the connection string says stands behind these, and wins.
    private const string Patience = "Timeout=5;Command Timeout=5;Cancellation Timeout=-1;";

    private readonly NpgsqlDataSource _database;

    private PostgresUserTable(NpgsqlDataSource database, string name) => (_database, Name) = (database, name);

    /// <summary>Host and database: what messages call it.</summary>
    public string Name { get; }

    /// <summary>Connects, and makes the table where it is not there yet.</summary>
    /// <param name="connection"><c>auth.store.postgres.connection</c>.</param>
    /// <exception cref="UserStoreException">The database cannot be reached, or not used.</exception>
    public static PostgresUserTable Open(string connection)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(Patience + connection);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Its text may be a part of the password.
            throw new UserStoreException("of auth.store.postgres.connection", "Npgsql does not understand the connection", wrong);
        }

        var name = $"{settings.Database ?? settings.Username} on {settings.Host}";
        var table = new PostgresUserTable(NpgsqlDataSource.Create(settings), name);
        try
        {
            table.Do(database =>
            {
                PostgresSchema.Prepare(database, name);
                return 0;
            });
            return table;
        }
        catch (UserStoreException)
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>A connection of its own, for listening.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancelled) => _database.OpenConnectionAsync(cancelled);

    /// <inheritdoc/>
    public IReadOnlyList<UserRecord> Write(IReadOnlyList<UserRecord> users) => Do(database =>
    {
        using var transaction = database.BeginTransaction();
        using var batch = new NpgsqlBatch(database, transaction);
        foreach (var user in users)
            batch.BatchCommands.Add(PostgresUserRow.Upsert(user));
        var stored = new List<UserRecord>(users.Count);
        using (var revisions = batch.ExecuteReader())
        {
            foreach (var user in users)
            {
                revisions.Read();
                stored.Add(user with { Revision = revisions.GetInt64(0) });
                revisions.NextResult();
            }
        }

        transaction.Commit();
        return stored;
    });

    /// <inheritdoc/>
    public void Purge(long before) => Do(database =>
    {
        using var delete = new NpgsqlCommand("DELETE FROM akkasocks_users WHERE deleted AND revision < $1", database);
        delete.Parameters.Add(new() { Value = before });
        return delete.ExecuteNonQuery();
    });

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    /// <summary>What went wrong, in words.</summary>
    public static string Words(DbException failure) =>
        failure is PostgresException said ? said.MessageText
        : failure.InnerException is SocketException or TimeoutException or IOException ? "the database does not answer"
        : failure.Message;

    private T Do<T>(Func<NpgsqlConnection, T> work)
    {
        try
        {
            using var database = _database.OpenConnection();
            return work(database);
        }
        catch (DbException failure)
        {
            throw new UserStoreException(Name, Words(failure), failure);
        }
    }
}
