using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth.Users.Storing;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

public sealed class UserStoreActorTests : TestKit
{
    private readonly TempDirectory _temp = new();
    private readonly ManualClock _clock = new();

    protected override void AfterAll()
    {
        base.AfterAll();
        _temp.Dispose();
    }

    [Fact]
    public void A_saved_user_can_be_found_and_is_there_after_a_restart()
    {
        using (var store = Open())
        {
            var saved = Put(Actor(store), TestUsers.Record("alice") with { MaxSessions = 3 });
            Assert.Equal(("node", 3), (saved.Writer, saved.MaxSessions));
            Assert.Equal(HybridClock.At(_clock.GetUtcNow()), saved.Revision);
            Assert.Equal(saved, store.Directory.Find(saved.Name));
        }

        using var again = Open();
        Assert.Equal(3, again.Directory.Find(TestLogin.Alice)!.MaxSessions);
    }

    [Fact]
    public void Each_change_has_a_higher_revision_across_a_restart_although_the_time_stands_still()
    {
        var revisions = new List<long>();
        for (var start = 0; start < 3; start++)
        {
            using var store = Open();
            var actor = Actor(store);
            revisions.Add(Put(actor, TestUsers.Record("alice")).Revision);
            revisions.Add(Put(actor, TestUsers.Record("bob")).Revision);
            Sys.Stop(Watch(actor));
            ExpectTerminated(actor);
        }

        Assert.Equal(revisions.Order().Distinct(), revisions);
    }

    [Fact]
    public void A_removed_user_leaves_a_tombstone_and_cannot_be_removed_again()
    {
        using var store = Open();
        var actor = Actor(store);
        var revision = Put(actor, TestUsers.Record("alice")).Revision;
        actor.Tell(new UserStoreActor.RemoveUser(TestLogin.Alice), TestActor);
        var removed = ExpectMsg<UserStoreActor.UserSaved>().User;

        Assert.True(removed.Deleted && removed.Revision > revision && removed.Password == "");
        Assert.Null(store.Directory.Find(TestLogin.Alice));
        actor.Tell(new UserStoreActor.RemoveUser(TestLogin.Alice), TestActor);
        Assert.Equal("there is no such user", ExpectMsg<UserStoreActor.UserNotSaved>().Reason);
    }

    [Fact]
    public void Tombstones_are_forgotten_after_30_days_on_disk_too()
    {
        using (var store = Open())
        {
            var actor = Actor(store);
            Put(actor, TestUsers.Record("alice"));
            Put(actor, TestUsers.Record("bob"));
            actor.Tell(new UserStoreActor.RemoveUser(TestLogin.Alice), TestActor);
            ExpectMsg<UserStoreActor.UserSaved>();
        }

        _clock.Advance(TimeSpan.FromDays(32));
        using (var store = Open())
        {
            Put(Actor(store), TestUsers.Record("carl"));
            Assert.Null(store.Directory.FindStored(TestLogin.Alice));
        }

        using var table = SqliteUserTable.Open(_temp.Path);
        Assert.Equal(["bob", "carl"], table.ReadAll().Select(user => user.Name.ToString()).Order());
    }

    [Fact]
    public void What_could_not_log_in_or_not_be_sent_is_refused_with_its_reason()
    {
        using var store = Open();
        var actor = Actor(store);
        Assert.Equal("a user's name has from 1 to 255 bytes", Refusal(actor, TestUsers.Record("")));
        Assert.Equal("a limit of sessions is not below 0", Refusal(actor, TestUsers.Record("alice") with { MaxSessions = -1 }));
        Assert.Equal(
            "groups and labels are too long: a user has 8192 bytes at most",
            Refusal(actor, TestUsers.Record("alice") with { Groups = [new string('x', 8192)] }));
        var reason = Refusal(actor, TestUsers.Record("alice") with { Password = "hunter2" });
        Assert.StartsWith("the password hash cannot be used: ", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", reason, StringComparison.Ordinal);
        Assert.Equal(0, store.Directory.Count);
    }

    [Fact]
    public void Users_of_the_configuration_cannot_be_changed()
    {
        using var store = Open(new UserSettings("alice", TestLogin.CheapHashOfS3cret, null, null));
        var actor = Actor(store);
        Assert.Equal(
            "the user is set in auth.users, and only there it can be changed", Refusal(actor, TestUsers.Record("alice")));
        actor.Tell(new UserStoreActor.RemoveUser(TestLogin.Alice), TestActor);
        ExpectMsg<UserStoreActor.UserNotSaved>();
        Assert.NotNull(store.Directory.Find(TestLogin.Alice));
    }

    [Fact]
    public void Without_a_store_nothing_can_be_changed()
    {
        using var store = UserStore.Open(TestSettings.Default);
        Assert.StartsWith("auth.store.kind is none", Refusal(Actor(store), TestUsers.Record("alice")), StringComparison.Ordinal);
    }

    [FullDiskFact]
    public void On_a_full_disk_a_change_is_not_saved_and_all_stays_as_it_was()
    {
        using var disk = new FullDisk(kilobytes: 512);
        using var store = UserStore.Open(Settings(disk.Path));
        var actor = Actor(store);
        var alice = Put(actor, TestUsers.Record("alice"));
        disk.Fill();

        // What is in the log already has room for a few; a disk is full for the first that needs more.
        var reasons = Enumerable.Range(0, 500).Select(i =>
        {
            var large = TestUsers.Record($"u{i}") with { Groups = [new string('x', 4000)] };
            actor.Tell(new UserStoreActor.PutUser(large), TestActor);
            return (ExpectMsg<object>() as UserStoreActor.UserNotSaved)?.Reason;
        });
        Assert.Equal("there is no space left on its disk", reasons.First(reason => reason is not null));
        Assert.Same(store.Directory.FindStored(alice.Name), store.Directory.Find(TestLogin.Alice));

        disk.Free();
        Put(actor, TestUsers.Record("late"));
    }

    private UserStore Open(params UserSettings[] users) => UserStore.Open(Settings(_temp.Path, users));

    private static ProxySettings Settings(string directory, params UserSettings[] users) => TestSettings.Default with
    {
        DataDirectory = directory,
        Auth = TestSettings.Default.Auth with
        {
            Users = [.. users],
            Store = TestSettings.Default.Auth.Store with { Kind = UserStoreKind.Embedded },
        },
    };

    private IActorRef Actor(UserStore store) => Sys.ActorOf(UserStoreActor.Props(store, "node", _clock));

    private UserRecord Put(IActorRef actor, UserRecord user)
    {
        actor.Tell(new UserStoreActor.PutUser(user), TestActor);
        return ExpectMsg<UserStoreActor.UserSaved>().User;
    }

    private string Refusal(IActorRef actor, UserRecord user)
    {
        actor.Tell(new UserStoreActor.PutUser(user), TestActor);
        return ExpectMsg<UserStoreActor.UserNotSaved>().Reason;
    }
}
