using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.Versioning;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Settings;
using CsCheck;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users.Storing;

public sealed class SqliteUserTableTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly Comparer<UserRecord> ByName =
        Comparer<UserRecord>.Create((a, b) => UserNameOrder.Ascending.Compare(a.Name, b.Name));

    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void What_was_written_is_read_when_it_is_opened_again()
    {
        UserRecord[] users =
        [
            TestUsers.Record("alice", revision: 7) with
            {
                Enabled = false, MaxSessions = 0, ExpiresAt = DateTimeOffset.UnixEpoch.AddMilliseconds(1), Groups = ["b", "a"],
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("Ä\"", "'; DROP TABLE users; --"),
            },
            TestUsers.Record("bob") with { Name = new UserName([0, 255, 10]), Writer = "other" },
            UserRecord.Tombstone(UserName.FromText("carl")) with { Revision = 3, Writer = "a" },
        ];
        using (var table = Open())
            Assert.Equal(users, table.Write(users));

        using var again = Open();
        Assert.Equal(users.Order(ByName), again.ReadAll().Order(ByName));
    }

    [Fact]
    public void Whatever_records_are_written_in_whatever_order_the_newest_of_each_name_stays()
    {
        var records = RecordGen.Of("a", "b", "c").Array[1, 12];
        using var table = Open();
        records.Sample(
            written =>
            {
                using (var delete = new SqliteConnection($"Data Source={_temp["users.db"]};Pooling=False"))
                {
                    delete.Open();
                    using var command = delete.CreateCommand();
                    command.CommandText = "DELETE FROM users";
                    command.ExecuteNonQuery();
                }

                foreach (var some in written.Chunk(5))
                    table.Write(some);
                var stored = table.ReadAll().ToDictionary(user => user.Name, user => user.Revision);
                return written.GroupBy(user => user.Name).All(same => stored[same.Key] == same.Max(user => user.Revision));
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public void Old_tombstones_are_purged_and_users_never()
    {
        using var table = Open();
        table.Write(
        [
            TestUsers.Record("alice", revision: 1),
            UserRecord.Tombstone(UserName.FromText("bob")) with { Revision = 1 },
            UserRecord.Tombstone(UserName.FromText("carl")) with { Revision = 2 },
        ]);
        table.Purge(before: 2);
        Assert.Equal(["alice", "carl"], table.ReadAll().Select(user => user.Name.ToString()).Order());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Directory_and_files_are_for_their_owner_alone()
    {
        using var table = SqliteUserTable.Open(_temp["a/b"]);
        table.Write([TestUsers.Record("alice")]);

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_temp["a/b"]));
        var files = Directory.GetFiles(_temp["a/b"]);
        Assert.Contains(_temp["a/b/users.db-wal"], files);
        Assert.All(files, file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_others_could_read_is_closed_to_them()
    {
        Open().Dispose();
        File.SetUnixFileMode(_temp["users.db"], OwnerOnly | UnixFileMode.OtherRead);
        Open().Dispose();
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_temp["users.db"]));
    }

    [Fact]
    public void Two_processes_cannot_have_it_at_once()
    {
        using var table = Open();
        var refused = Assert.Throws<UserStoreException>(() => Open());
        Assert.StartsWith("another process uses it; ", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_database_is_refused_by_its_path_and_left_alone()
    {
        File.WriteAllText(_temp["users.db"], new string('x', 5000));
        var refused = Assert.Throws<UserStoreException>(() => Open());
        Assert.Contains($"{_temp["users.db"]}: it is no SQLite database, or a damaged one; ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(_temp["users.db"]));
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_refused_by_its_path()
    {
        File.WriteAllText(_temp["file"], "");
        var refused = Assert.Throws<UserStoreException>(() => SqliteUserTable.Open(_temp["file/data"]));
        Assert.StartsWith($"the user store {_temp["file/data/users.db"]}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_the_first_version_is_brought_up_to_date_and_its_users_may_use_every_command()
    {
        File.Delete(_temp["users.db"]);
        using (var connection = new SqliteConnection($"Data Source={_temp["users.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE users (
                  name BLOB PRIMARY KEY, password TEXT NOT NULL, enabled INTEGER NOT NULL, max_sessions INTEGER, expires_at INTEGER,
                  groups TEXT NOT NULL, labels TEXT NOT NULL, revision INTEGER NOT NULL, writer TEXT NOT NULL, deleted INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                INSERT INTO users VALUES (x'616C696365', '$x', 1, 4, NULL, '[]', '{}', 7, 'n1', 0);
                PRAGMA user_version = 1;
                """;
            command.ExecuteNonQuery();
        }

        using (var table = Open())
        {
            var alice = Assert.Single(table.ReadAll());
            Assert.Equal((4, 7L, null), (alice.MaxSessions, alice.Revision, alice.Commands));
            table.Write([alice with { Commands = CommandSet.UdpAssociate, Revision = 8 }]);
        }

        using var again = Open();
        Assert.Equal(CommandSet.UdpAssociate, Assert.Single(again.ReadAll()).Commands);
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused()
    {
        Open().Dispose();
        using (var connection = new SqliteConnection($"Data Source={_temp["users.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var refused = Assert.Throws<UserStoreException>(() => Open());
        Assert.Equal("its version is 99, and this akkasocks knows 2; run a newer one", refused.Reason);
    }

    [Fact]
    public void A_hundred_thousand_users_are_read_in_less_than_2_s()
    {
        using (var table = Open())
            table.Write([.. TestUsers.Many(100_000)]);
        var since = Stopwatch.GetTimestamp();
        using var again = Open();
        var users = new UserDirectory([]);
        users.Merge(again.ReadAll());

        Assert.Equal(100_000, users.Count);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private SqliteUserTable Open() => SqliteUserTable.Open(_temp.Path);
}
