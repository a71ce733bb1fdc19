using System.Collections.Immutable;
using System.Text.Json;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;
using Microsoft.Data.Sqlite;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>A user as a row of the embedded store.</summary>
internal static class UserRow
{
    private const string Columns = "name, password, enabled, max_sessions, expires_at, groups, labels, revision, writer, deleted, commands";

    // Nearly all users have none: their rows are read without a JSON reader.
    private const string NoGroups = "[]";
    private const string NoLabels = "{}";

    /// <summary>The statement that stores a row, unless a newer one of its name is there: a replica of an old change may be
    /// written behind a new one.</summary>
    public static SqliteCommand Upsert(SqliteConnection connection)
    {
        string[] columns = Columns.Split(", ");
        var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO users ({Columns}) VALUES ({string.Join(", ", columns.Select(column => $"${column}"))})
            ON CONFLICT (name) DO UPDATE SET {string.Join(", ", columns[1..].Select(column => $"{column} = excluded.{column}"))}
            WHERE excluded.revision >= users.revision
            """;
        foreach (var column in columns)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${column}" });
        command.Prepare();
        return command;
    }

    /// <summary>Fills the parameters of <see cref="Upsert"/>.</summary>
    public static void Fill(SqliteCommand upsert, UserRecord user)
    {
        object?[] values =
        [
            user.Name.Bytes.ToArray(), user.Password, user.Enabled, user.MaxSessions, user.ExpiresAt?.ToUnixTimeMilliseconds(),
            user.Groups.IsEmpty ? NoGroups : JsonSerializer.Serialize(user.Groups),
            user.Labels.IsEmpty ? NoLabels : JsonSerializer.Serialize(user.Labels),
            user.Revision, user.Writer, user.Deleted,
            user.Commands is { } commands ? JsonSerializer.Serialize(CommandSets.WordsOf(commands)) : null,
        ];
        for (var i = 0; i < values.Length; i++)
            upsert.Parameters[i].Value = values[i] ?? DBNull.Value;
    }

    /// <summary>Every row.</summary>
    public static IReadOnlyCollection<UserRecord> ReadAll(SqliteConnection connection)
    {
        // A node wrote many users: its name need not be there for each.
        var writers = new Dictionary<string, string>();
        var users = new List<UserRecord>();
        using var select = connection.CreateCommand();
        select.CommandText = $"SELECT {Columns} FROM users";
        using var row = select.ExecuteReader();
        while (row.Read())
        {
            var writer = row.GetString(8);
            users.Add(new UserRecord
            {
                Name = new UserName(row.GetFieldValue<byte[]>(0)),
                Password = row.GetString(1),
                Enabled = row.GetBoolean(2),
                MaxSessions = row.IsDBNull(3) ? null : row.GetInt32(3),
                ExpiresAt = row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
                Groups = row.GetString(5) is var groups and not NoGroups
                    ? JsonSerializer.Deserialize<ImmutableArray<string>>(groups)
                    : [],
                Labels = row.GetString(6) is var labels and not NoLabels
                    ? JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(labels)!
                    : ImmutableSortedDictionary<string, string>.Empty,
                Revision = row.GetInt64(7),
                Writer = writers.TryGetValue(writer, out var known) ? known : writers[writer] = writer,
                Deleted = row.GetBoolean(9),
                Commands = row.IsDBNull(10) ? null : CommandSets.Of(JsonSerializer.Deserialize<string[]>(row.GetString(10))!),
            });
        }

        return users;
    }
}
