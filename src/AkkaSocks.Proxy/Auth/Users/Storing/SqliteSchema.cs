using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>What the tables of the embedded store look like, and how they came to. The version is SQLite's
/// <c>user_version</c>.</summary>
internal static class SqliteSchema
{
    // Step n leads from version n to n + 1. Steps are only ever added.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE users (
          name BLOB PRIMARY KEY,
          password TEXT NOT NULL,
          enabled INTEGER NOT NULL,
          max_sessions INTEGER,
          expires_at INTEGER,       -- milliseconds since 1970
          groups TEXT NOT NULL,     -- JSON: an array of texts
          labels TEXT NOT NULL,     -- JSON: an object of texts
          revision INTEGER NOT NULL,
          writer TEXT NOT NULL,
          deleted INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,

        // JSON: an array of texts; null: all. No comment within: SQLite appends this text to what it keeps of the table.
        "ALTER TABLE users ADD COLUMN commands TEXT",
    ];

    /// <summary>Sets up the connection and brings the tables to the newest version, all or nothing.</summary>
    /// <exception cref="UserStoreException">A newer version made the file.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        Execute(connection, "PRAGMA journal_mode = WAL", null);
        Execute(connection, "PRAGMA synchronous = NORMAL", null);

        using var transaction = connection.BeginTransaction();
        var version = Convert.ToInt32(Execute(connection, "PRAGMA user_version", transaction), CultureInfo.InvariantCulture);
        if (version > Steps.Length)
            throw new UserStoreException(path, UserStoreException.TooNew(version, Steps.Length));
        if (version == Steps.Length)
            return;
        foreach (var step in Steps[version..])
            Execute(connection, step, transaction);
        Execute(connection, $"PRAGMA user_version = {Steps.Length}", transaction);
        transaction.Commit();
    }

    private static object? Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }
}
