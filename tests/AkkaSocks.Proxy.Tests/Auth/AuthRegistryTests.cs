using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth.Users;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class AuthRegistryTests() : TestKit(ClusterConfig)
{
    private const string ClusterConfig =
        "akka { actor.provider = cluster, remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 } }";

    // Costs some 100 ms a verification: long enough that messages sent at once meet it still running.
    private const string SlowHash =
        "$argon2id$v=19$m=65536,t=4,p=1$MDEyMzQ1Njc4OWFiY2RlZg$owQqJ4ztYqOes9YbT5SjgSc4HznqdC+9cGjClQ1aebw";

    [Theory]
    [InlineData("alice", "s3cret", nameof(Refusal.None))]
    [InlineData("alice", "wrong", nameof(Refusal.BadCredentials))]
    [InlineData("alice", "", nameof(Refusal.BadCredentials))]
    [InlineData("mallory", "s3cret", nameof(Refusal.BadCredentials))]
    public void A_login_gets_its_verdict(string name, string password, string expected)
    {
        Registry(TestLogin.Settings()).Tell(new AuthRegistry.Authenticate(TestLogin.Of(name, password), TestLogin.Client, 42), TestActor);
        var verdict = ExpectMsg<Verdict>();
        Assert.Equal(expected, verdict.Refusal.ToString());
        Assert.Equal(UserName.FromText(name), verdict.User);
        Assert.Equal(42, verdict.Correlation);
    }

    [Fact]
    public void A_granted_login_is_granted_from_the_cache_from_then_on()
    {
        var settings = TestLogin.Settings();
        var users = new UserDirectory(FixedUsers.Of(settings));
        var authenticator = new Authenticator(settings, users, TimeProvider.System);
        var registry = Registry(settings, users, authenticator);
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("alice", "s3cret"), TestLogin.Client, 1), TestActor);
        ExpectMsg<Verdict>();
        Assert.True(authenticator.TryGrantFromCache(TestLogin.Of("alice", "s3cret"), TestLogin.Client, out _));
    }

    [Fact]
    public void A_refused_login_is_not_remembered()
    {
        var settings = TestLogin.Settings();
        var users = new UserDirectory(FixedUsers.Of(settings));
        var authenticator = new Authenticator(settings, users, TimeProvider.System);
        var registry = Registry(settings, users, authenticator);
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("alice", "wrong"), TestLogin.Client, 1), TestActor);
        ExpectMsg<Verdict>();
        Assert.False(authenticator.TryGrantFromCache(TestLogin.Of("alice", "wrong"), TestLogin.Client, out _));
    }

    [Fact]
    public void Logins_beyond_threads_and_queue_are_told_that_verification_is_busy()
    {
        var registry = Registry(TestLogin.Settings(SlowHash, parallelism: 1, queue: 2));
        for (var i = 0; i < 20; i++)
        {
            var credentials = TestLogin.Of(i % 2 == 0 ? "alice" : "nobody", $"wrong{i}");
            registry.Tell(new AuthRegistry.Authenticate(credentials, TestLogin.Client, i), TestActor);
        }

        var verdicts = ReceiveN(20, TimeSpan.FromSeconds(30)).Cast<Verdict>().ToArray();
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), verdicts.Select(v => v.Correlation).Order());
        var verified = verdicts.Count(v => v.Refusal == Refusal.BadCredentials);
        Assert.Equal(20 - verified, verdicts.Count(v => v.Refusal == Refusal.VerificationBusy));
        Assert.InRange(verified, 2, 19);
    }

    [Fact]
    public void Equal_logins_at_once_cost_one_verification()
    {
        // A queue of one place would refuse the second, were it verified.
        var registry = Registry(TestLogin.Settings(SlowHash, parallelism: 1, queue: 1));
        for (var i = 0; i < 50; i++)
            registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("alice", "wrong"), TestLogin.Client, i), TestActor);

        var verdicts = ReceiveN(50, TimeSpan.FromSeconds(30)).Cast<Verdict>().ToArray();
        Assert.All(verdicts, verdict => Assert.Equal(Refusal.BadCredentials, verdict.Refusal));
        Assert.Equal(50, verdicts.Select(v => v.Correlation).Distinct().Count());
    }

    [Fact]
    public void A_session_that_went_away_does_not_keep_others_from_their_verdict()
    {
        var registry = Registry(TestLogin.Settings());
        var gone = CreateTestProbe();
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("alice", "wrong"), TestLogin.Client, 1), gone);
        Sys.Stop(gone);
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("alice", "s3cret"), TestLogin.Client, 2), TestActor);
        Assert.True(ExpectMsg<Verdict>() is { Refusal: Refusal.None, Correlation: 2, Record: not null });
    }

    [Fact]
    public void A_user_removed_while_its_password_is_verified_is_refused()
    {
        var settings = TestLogin.Settings(RightButSlow(), parallelism: 1);
        var users = new UserDirectory([]);
        users.Merge(settings.Users.Select(user => TestUsers.Record(user.Name) with { Password = user.Password }));
        var registry = Registry(settings, users);
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("bob", "first"), TestLogin.Client, 1), TestActor);
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("alice", "s3cret"), TestLogin.Client, 2), TestActor);
        registry.Tell(new Identify(null), TestActor);
        ExpectMsg<ActorIdentity>();

        users.Merge([UserRecord.Tombstone(TestLogin.Alice) with { Revision = 2 }]);
        ExpectMsg<Verdict>();
        Assert.Equal(new Verdict(Refusal.BadCredentials, TestLogin.Alice, 2, null), ExpectMsg<Verdict>());
    }

    [Theory]
    [InlineData("s3cret", nameof(Refusal.UserDisabled), nameof(Refusal.UserExpired))]
    [InlineData("wrong", nameof(Refusal.BadCredentials), nameof(Refusal.BadCredentials))]
    public void Only_who_knows_the_password_learns_of_disabled_and_expired(string password, string ofDisabled, string ofExpired)
    {
        var settings = TestLogin.Settings();
        var users = new UserDirectory([]);
        users.Merge(
        [
            TestUsers.Record("alice") with { Enabled = false },
            TestUsers.Record("bob") with { ExpiresAt = DateTimeOffset.UtcNow },
        ]);
        var registry = Registry(settings, users);
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("alice", password), TestLogin.Client, 1), TestActor);
        registry.Tell(new AuthRegistry.Authenticate(TestLogin.Of("bob", password), TestLogin.Client, 2), TestActor);
        var verdicts = ReceiveN(2).Cast<Verdict>().OrderBy(v => v.Correlation);
        Assert.Equal([ofDisabled, ofExpired], verdicts.Select(v => v.Refusal.ToString()));
    }

    [Fact]
    public void Credentials_are_cleared_on_every_path()
    {
        var registry = Registry(TestLogin.Settings(SlowHash, parallelism: 1, queue: 1));
        var all = Enumerable.Range(0, 12).Select(i => TestLogin.Of("alice", $"wrong{i / 3}")).ToArray();
        foreach (var credentials in all)
            registry.Tell(new AuthRegistry.Authenticate(credentials, TestLogin.Client, 0), TestActor);

        ReceiveN(12, TimeSpan.FromSeconds(30));
        AwaitCondition(() => all.All(c => c.Password.IndexOfAnyExcept((byte)0) < 0), TimeSpan.FromSeconds(10));
    }

    private static string RightButSlow()
    {
        var cost = new PasswordCost(PasswordAlgorithm.Argon2id, MemoryKiB: 65536, Iterations: 10);
        var hash = new byte[32];
        cost.Derive("s3cret"u8, "0123456789abcdef"u8, hash);
        return PhcString.Write(new PasswordHash(cost, "0123456789abcdef"u8.ToArray(), hash));
    }

    private IActorRef Registry(AuthSettings settings) => Registry(settings, new UserDirectory(FixedUsers.Of(settings)));

    private IActorRef Registry(AuthSettings settings, UserDirectory users) =>
        Registry(settings, users, new Authenticator(settings, users, TimeProvider.System));

    private IActorRef Registry(AuthSettings settings, UserDirectory users, Authenticator authenticator) =>
        Sys.ActorOf(AuthRegistry.Props(new RegistryWiring
        {
            Settings = TestSettings.Default with { Auth = settings },
            Authenticator = authenticator,
            Users = users,
            OwnSessions = new OwnSessions(),
            LiveSessions = new LiveSessions(1),
            Drain = new NodeDrain(),
        }));
}
