using System.Collections.Immutable;
using System.Text.Json;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;
using Npgsql;
using NpgsqlTypes;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>A user as a row of the shared table.</summary>
internal static class PostgresUserRow
{
    private const string Columns = "name, password, enabled, max_sessions, expires_at, groups, labels, revision, writer, deleted, commands";

    /// <summary>Selects rows that <see cref="Read"/> reads.</summary>
    public const string Select = $"SELECT {Columns} FROM akkasocks_users";

    private const string Insert = $"""
        INSERT INTO akkasocks_users ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (name) DO UPDATE SET
          password = excluded.password, enabled = excluded.enabled, max_sessions = excluded.max_sessions,
          expires_at = excluded.expires_at, groups = excluded.groups, labels = excluded.labels,
          revision = excluded.revision, writer = excluded.writer, deleted = excluded.deleted,
          commands = excluded.commands
        RETURNING revision
        """;

    /// <summary>The statement that stores a row over any other, and gives the revision that it has then.</summary>
    public static NpgsqlBatchCommand Upsert(UserRecord user) => new(Insert)
    {
        Parameters =
        {
            new() { Value = user.Name.Bytes.ToArray() },
            new() { Value = user.Password },
            new() { Value = user.Enabled },
            new() { Value = (object?)user.MaxSessions ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
            new() { Value = (object?)user.ExpiresAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = user.Groups.ToArray() },
            new() { Value = JsonSerializer.Serialize(user.Labels), NpgsqlDbType = NpgsqlDbType.Jsonb },
            new() { Value = user.Revision },
            new() { Value = user.Writer },
            new() { Value = user.Deleted },
            new()
            {
                Value = user.Commands is { } commands ? CommandSets.WordsOf(commands).ToArray() : DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            },
        },
    };

    /// <summary>The record of a row.</summary>
    public static UserRecord Read(NpgsqlDataReader row) => new()
    {
        Name = new UserName(row.GetFieldValue<byte[]>(0)),
        Password = row.GetString(1),
        Enabled = row.GetBoolean(2),
        MaxSessions = row.IsDBNull(3) ? null : row.GetInt32(3),
        ExpiresAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        Groups = [.. row.GetFieldValue<string[]>(5)],
        Labels = row.GetString(6) is var labels and not "{}" ? Labels(labels) : ImmutableSortedDictionary<string, string>.Empty,
        Revision = row.GetInt64(7),
        Writer = string.Intern(row.GetString(8)),
        Deleted = row.GetBoolean(9),
        Commands = row.IsDBNull(10) ? null : CommandSets.Of(row.GetFieldValue<string[]>(10)),
    };

    // Written by hand, a value may be a number or more: its JSON is the text then.
    private static ImmutableSortedDictionary<string, string> Labels(string json) => JsonSerializer
        .Deserialize<Dictionary<string, JsonElement>>(json)!
        .ToImmutableSortedDictionary(label => label.Key, label => label.Value.ToString(), StringComparer.Ordinal);
}
