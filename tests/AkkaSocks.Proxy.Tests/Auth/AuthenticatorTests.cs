using System.Diagnostics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Tests.Auth.Users;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class AuthenticatorTests
{
    private readonly ManualClock _clock = new();
    private readonly UserDirectory _users = TestUsers.Directory("alice", "bob");
    private readonly Authenticator _authenticator;

    public AuthenticatorTests() => _authenticator = new Authenticator(TestLogin.Settings(), _users, _clock);

    [Fact]
    public void Credentials_are_granted_from_the_cache_after_they_were_confirmed()
    {
        var alice = TestLogin.Of("alice", "s3cret");
        Assert.False(Grants(alice));

        Assert.Equal(Refusal.None, Confirm(alice));
        Assert.True(_authenticator.TryGrantFromCache(alice, TestLogin.Client, out var user));
        Assert.Same(_users.Find(TestLogin.Alice), user);
        Assert.False(Grants(TestLogin.Of("alice", "s3creT")));
        Assert.False(Grants(TestLogin.Of("bob", "s3cret")));
        Assert.False(Grants(TestLogin.Of("Alice", "s3cret")));
    }

    [Fact]
    public void An_unknown_user_is_never_confirmed()
    {
        var mallory = TestLogin.Of("mallory", "s3cret");
        Assert.Equal(Refusal.BadCredentials, Confirm(mallory));
        Assert.False(Grants(mallory));
    }

    [Fact]
    public void A_removed_user_is_not_granted_even_if_its_password_was_being_verified()
    {
        var alice = TestLogin.Of("alice", "s3cret");
        var claim = _authenticator.ClaimOf(alice);
        Assert.Equal(Refusal.None, _authenticator.Confirm(claim));

        _users.Merge([UserRecord.Tombstone(TestLogin.Alice) with { Revision = 2 }]);
        Assert.False(Grants(alice));
        Assert.False(_authenticator.Knows(claim));
        Assert.Equal(Refusal.BadCredentials, _authenticator.Confirm(claim));
    }

    [Fact]
    public void A_changed_user_must_be_verified_again()
    {
        var alice = TestLogin.Of("alice", "s3cret");
        var claim = _authenticator.ClaimOf(alice);
        Assert.Equal(Refusal.None, _authenticator.Confirm(claim));

        _users.Merge([TestUsers.Record("alice", revision: 2)]);
        Assert.False(Grants(alice));
        Assert.Equal(Refusal.BadCredentials, _authenticator.Confirm(claim));
        Assert.Equal(Refusal.None, Confirm(alice));
    }

    [Fact]
    public void A_user_removed_and_added_again_must_be_verified_again()
    {
        var alice = TestLogin.Of("alice", "s3cret");
        Assert.Equal(Refusal.None, Confirm(alice));

        _users.Merge([UserRecord.Tombstone(TestLogin.Alice) with { Revision = 2 }]);
        _users.Merge([TestUsers.Record("alice", revision: 3)]);
        Assert.False(Grants(alice));
    }

    [Fact]
    public void A_user_that_was_disabled_or_has_expired_is_refused_as_such_even_if_it_was_verified_lately()
    {
        _users.Merge([TestUsers.Record("alice", revision: 2) with { ExpiresAt = _clock.GetUtcNow().AddSeconds(30) }]);
        var (alice, bob) = (TestLogin.Of("alice", "s3cret"), TestLogin.Of("bob", "s3cret"));
        Assert.Equal((Refusal.None, Refusal.None), (Confirm(alice), Confirm(bob)));

        _clock.Advance(TimeSpan.FromSeconds(30));
        _users.Merge([TestUsers.Record("bob", revision: 2) with { Enabled = false }]);

        Assert.False(Grants(alice) || Grants(bob));
        Assert.False(_authenticator.Knows(_authenticator.ClaimOf(alice)) || _authenticator.Knows(_authenticator.ClaimOf(bob)));
        Assert.Equal((Refusal.UserExpired, Refusal.UserDisabled), (Confirm(alice), Confirm(bob)));
    }

    [Fact]
    public void A_password_of_a_form_that_is_not_known_here_is_as_good_as_none()
    {
        _users.Merge([TestUsers.Record("alice", revision: 2) with { Password = "$argon3$x" }]);
        var alice = TestLogin.Of("alice", "s3cret");
        Assert.Equal(256, _authenticator.ClaimOf(alice).Password.Cost.MemoryKiB);
        Assert.Equal(Refusal.BadCredentials, Confirm(alice));
    }

    [Fact]
    public void Granting_leaves_the_credentials_readable()
    {
        var alice = TestLogin.Of("alice", "s3cret");
        Grants(alice);
        Assert.True(alice.Password.SequenceEqual("s3cret"u8));
    }

    [Fact]
    public void Unknown_names_cost_what_known_ones_do_and_each_always_the_same()
    {
        var costlier = TestLogin.CheapHashOfS3cret.Replace("t=2", "t=3", StringComparison.Ordinal);
        _users.Merge([TestUsers.Record("carol") with { Password = costlier }]);

        var costs = Enumerable.Range(0, 300).Select(i => CostOf($"nobody{i}")).ToArray();
        Assert.Equal(costs, Enumerable.Range(0, 300).Select(i => CostOf($"nobody{i}")));
        Assert.InRange(costs.Count(cost => cost.Iterations == 3), 50, 150);
        Assert.All(costs, cost => Assert.Equal(256, cost.MemoryKiB));
    }

    [Fact]
    public void Without_users_an_unknown_name_costs_what_a_new_hash_does()
    {
        _users.Merge([UserRecord.Tombstone(TestLogin.Alice) with { Revision = 2 }]);
        _users.Merge([UserRecord.Tombstone(UserName.FromText("bob")) with { Revision = 2 }]);
        Assert.Equal(PasswordCost.ForNewHashes, CostOf("alice"));
    }

    [Fact]
    public void Time_does_not_tell_an_unknown_user_from_a_wrong_password()
    {
        // Other processes disturb single samples and whole rounds; a real difference would be in every round.
        Assert.Contains(Enumerable.Range(0, 5), _ =>
        {
            var wrong = new List<long>();
            var unknown = new List<long>();
            for (var i = 0; i < 400; i++)
            {
                wrong.Add(TimeOf(TestLogin.Of("alice", $"wrong{i}")));
                unknown.Add(TimeOf(TestLogin.Of("carol", $"wrong{i}")));
            }

            return Math.Abs((Median(unknown) / (double)Median(wrong)) - 1) < 0.10;
        });

        long TimeOf(Credentials credentials)
        {
            var start = Stopwatch.GetTimestamp();
            Grants(credentials);
            Assert.False(_authenticator.ClaimOf(credentials).Password.Matches(credentials.Password));
            return Stopwatch.GetTimestamp() - start;
        }

        static long Median(List<long> samples)
        {
            samples.Sort();
            return samples[samples.Count / 2];
        }
    }

    private bool Grants(Credentials credentials) => _authenticator.TryGrantFromCache(credentials, TestLogin.Client, out _);

    private Refusal Confirm(Credentials credentials) => _authenticator.Confirm(_authenticator.ClaimOf(credentials));

    private PasswordCost CostOf(string name) => _authenticator.ClaimOf(TestLogin.Of(name, "x")).Password.Cost;
}
