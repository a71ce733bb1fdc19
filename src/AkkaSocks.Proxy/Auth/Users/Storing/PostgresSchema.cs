using System.Globalization;
using Npgsql;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>
/// The shared table and how it came to be. Its triggers make it safe to change by hand: whoever writes a row, its revision
/// rises, and every node hears of it on <see cref="Channel"/>, by the name in hexadecimal digits, or by nothing
/// when all may have changed.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>Where changes are told.</summary>
    public const string Channel = "akkasocks_users";

    // Any number that nobody else is likely to lock: nodes that start at once must not make the table at once.
    private const long LockKey = 0x616B6B61736F636B;

    // Step n leads from version n to n + 1. Steps are only ever added.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE akkasocks_users (
          name bytea PRIMARY KEY CHECK (octet_length(name) BETWEEN 1 AND 255),
          password text NOT NULL,
          enabled boolean NOT NULL DEFAULT true,
          max_sessions integer CHECK (max_sessions >= 0),
          expires_at timestamptz,
          groups text[] NOT NULL DEFAULT '{}' CHECK (array_position(groups, NULL) IS NULL),
          labels jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object'),
          revision bigint NOT NULL DEFAULT 0,
          writer text NOT NULL DEFAULT 'sql',
          deleted boolean NOT NULL DEFAULT false
        );

        CREATE FUNCTION akkasocks_users_number() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          now bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint << 16;
        BEGIN
          IF TG_OP = 'UPDATE' AND NEW.revision <= OLD.revision THEN
            NEW.revision := greatest(OLD.revision + 1, now);
          ELSIF NEW.revision = 0 THEN
            NEW.revision := now;
          END IF;
          RETURN NEW;
        END $$;

        CREATE FUNCTION akkasocks_users_tell() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_notify(
            'akkasocks_users',
            CASE TG_LEVEL WHEN 'STATEMENT' THEN '' ELSE encode(coalesce(NEW.name, OLD.name), 'hex') END);
          RETURN NULL;
        END $$;

        CREATE TRIGGER number BEFORE INSERT OR UPDATE ON akkasocks_users
          FOR EACH ROW EXECUTE FUNCTION akkasocks_users_number();
        CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON akkasocks_users
          FOR EACH ROW EXECUTE FUNCTION akkasocks_users_tell();
        CREATE TRIGGER tell_all AFTER TRUNCATE ON akkasocks_users
          FOR EACH STATEMENT EXECUTE FUNCTION akkasocks_users_tell();
        """,
        """
        ALTER TABLE akkasocks_users ADD COLUMN commands text[]
          CHECK (cardinality(commands) > 0 AND commands <@ ARRAY['connect', 'bind', 'udp-associate', 'resolve'])
        """,
    ];

    /// <summary>Brings the tables to the newest version, all or nothing. A role that may not change tables will do when there is
    /// nothing to change.</summary>
    /// <exception cref="UserStoreException">A newer version made them.</exception>
    public static void Prepare(NpgsqlConnection connection, string store)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, $"SELECT pg_advisory_xact_lock({LockKey})");
        var exists = Execute(connection, "SELECT to_regclass('akkasocks_schema') IS NOT NULL") is true;
        var found = exists ? Execute(connection, "SELECT version FROM akkasocks_schema") : 0;
        var version = Convert.ToInt32(found, CultureInfo.InvariantCulture);
        if (version > Steps.Length)
            throw new UserStoreException(store, UserStoreException.TooNew(version, Steps.Length));
        if (version == Steps.Length)
            return;
        if (!exists)
            Execute(connection, "CREATE TABLE akkasocks_schema AS SELECT 0 AS version");
        foreach (var step in Steps[version..])
            Execute(connection, step);
        Execute(connection, $"UPDATE akkasocks_schema SET version = {Steps.Length}");
        transaction.Commit();
    }

    private static object? Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
