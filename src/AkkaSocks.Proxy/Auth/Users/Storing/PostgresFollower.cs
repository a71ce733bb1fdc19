using System.Collections.Concurrent;
using System.Data.Common;
using AkkaSocks.Protocol;
using Npgsql;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>
/// Keeps a directory at what the shared table holds: listens for changes on a connection of its own and reads what changed. When
/// the connection breaks, it goes on trying for a new one, and then reads everything, since nobody can say what was missed;
/// meanwhile the directory stays as it is.
/// </summary>
/// <remarks>
/// <code>
/// connect ─► LISTEN ─► read all ─► wait ─► told of names ─► read those ─┐
///    ▲                              ▲ └── silence for 3 s ─► SELECT 1 ──┤
///    └── 1 s ── broken ◄────────────┴───────────────────────────────────┘
/// </code>
/// </remarks>
internal sealed class PostgresFollower : IDisposable
{
    private const int RowsPerQuery = 1000;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentQueue<string> _told = new();
    private readonly PostgresUserTable _table;
    private readonly UserDirectory _users;
    private readonly TimeProvider _clock;
    private readonly Task _following;
    private Staleness? _stale;

    private PostgresFollower(PostgresUserTable table, UserDirectory users, TimeProvider clock)
    {
        (_table, _users, _clock) = (table, users, clock);
        var database = ConnectAsync().GetAwaiter().GetResult();
        _following = Task.Run(() => FollowAsync(database));
    }

    /// <summary>Not null while the directory may lack changes. A connection that died silently is noticed within 20 s.</summary>
    public Staleness? Stale => Volatile.Read(ref _stale);

    /// <summary>Reads all users, then follows. Blocks until all are read.</summary>
    /// <exception cref="UserStoreException">They cannot be read.</exception>
    public static PostgresFollower Start(PostgresUserTable table, UserDirectory users, TimeProvider clock)
    {
        try
        {
            return new PostgresFollower(table, users, clock);
        }
        catch (DbException failure)
        {
            throw new UserStoreException(table.Name, PostgresUserTable.Words(failure), failure);
        }
    }

    /// <summary>Ends following. Blocks until it has ended.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        _following.GetAwaiter().GetResult();
        _stopped.Dispose();
    }

    private async Task FollowAsync(NpgsqlConnection? database)
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                database ??= await ConnectAsync().ConfigureAwait(false);
                Volatile.Write(ref _stale, null);
                await ListenAsync(database).ConfigureAwait(false);
            }
            catch (Exception broken)
            {
                // Of any kind: whatever a row may hold, following must go on.
                var reason = broken is DbException failure ? PostgresUserTable.Words(failure) : broken.Message;
                Volatile.Write(ref _stale, new Staleness(Stale?.Since ?? _clock.GetUtcNow(), reason));
            }

            if (database is not null)
                await database.DisposeAsync().ConfigureAwait(false);
            database = null;
            await Task.Delay(Pause, _clock, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var database = await _table.ConnectAsync(_stopped.Token).ConfigureAwait(false);
        try
        {
            _told.Clear();
            database.Notification += (_, notification) => _told.Enqueue(notification.Payload);
            await using (var listen = new NpgsqlCommand($"LISTEN {PostgresSchema.Channel}", database))
                await listen.ExecuteNonQueryAsync(_stopped.Token).ConfigureAwait(false);
            await ReadAllAsync(database).ConfigureAwait(false);
            return database;
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ListenAsync(NpgsqlConnection database)
    {
        while (true)
        {
            var names = new HashSet<UserName>();
            var isAll = false;
            while (_told.TryDequeue(out var name))
            {
                if (name.Length == 0)
                    isAll = true;
                else
                    names.Add(new UserName(Convert.FromHexString(name)));
            }

            if (isAll)
                await ReadAllAsync(database).ConfigureAwait(false);
            else if (names.Count > 0)
                await ReadAsync(database, names).ConfigureAwait(false);
            else if (!await database.WaitAsync(Silence, _stopped.Token).ConfigureAwait(false))
                await PingAsync(database).ConfigureAwait(false);
        }
    }

    private async Task ReadAllAsync(NpgsqlConnection database)
    {
        await using var select = new NpgsqlCommand(PostgresUserRow.Select, database);
        var users = await ReadAsync(select).ConfigureAwait(false);
        _users.Merge(users);

        // What is missing may have been written since: it is asked for once more by name.
        var there = users.Select(user => user.Name).ToHashSet();
        var missing = Enumerable.Range(0, UserKey.Buckets).SelectMany(bucket => _users.Bucket(bucket).Records)
            .Select(user => user.Name).Where(name => !there.Contains(name)).ToList();
        await ReadAsync(database, missing).ConfigureAwait(false);
    }

    private async Task ReadAsync(NpgsqlConnection database, IEnumerable<UserName> names)
    {
        foreach (var some in names.Chunk(RowsPerQuery))
        {
            await using var select = new NpgsqlCommand($"{PostgresUserRow.Select} WHERE name = ANY ($1)", database);
            select.Parameters.Add(new() { Value = some.Select(name => name.Bytes.ToArray()).ToArray() });
            var users = await ReadAsync(select).ConfigureAwait(false);
            _users.Merge(users);
            var there = users.Select(user => user.Name).ToHashSet();
            _users.Drop(some.Where(name => !there.Contains(name)));
        }
    }

    private async Task<List<UserRecord>> ReadAsync(NpgsqlCommand select)
    {
        var users = new List<UserRecord>();
        await using var row = await select.ExecuteReaderAsync(_stopped.Token).ConfigureAwait(false);
        while (await row.ReadAsync(_stopped.Token).ConfigureAwait(false))
            users.Add(PostgresUserRow.Read(row));
        return users;
    }

    private async Task PingAsync(NpgsqlConnection database)
    {
        await using var ping = new NpgsqlCommand("SELECT 1", database);
        await ping.ExecuteScalarAsync(_stopped.Token).ConfigureAwait(false);
    }
}
