using System.Diagnostics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class AuthenticatorTests
{
    [Fact]
    public void Credentials_are_granted_from_the_cache_after_they_were_confirmed()
    {
        var authenticator = new Authenticator(TestLogin.Settings());
        var alice = TestLogin.Of("alice", "s3cret");
        Assert.False(authenticator.TryGrantFromCache(alice));

        Assert.True(authenticator.Confirm(authenticator.ClaimOf(alice)));
        Assert.True(authenticator.TryGrantFromCache(alice));
        Assert.False(authenticator.TryGrantFromCache(TestLogin.Of("alice", "s3creT")));
        Assert.False(authenticator.TryGrantFromCache(TestLogin.Of("bob", "s3cret")));
        Assert.False(authenticator.TryGrantFromCache(TestLogin.Of("Alice", "s3cret")));
    }

    [Fact]
    public void An_unknown_user_is_never_confirmed()
    {
        var authenticator = new Authenticator(TestLogin.Settings());
        var mallory = TestLogin.Of("mallory", "s3cret");
        Assert.False(authenticator.Confirm(authenticator.ClaimOf(mallory)));
        Assert.False(authenticator.TryGrantFromCache(mallory));
    }

    [Fact]
    public void A_removed_user_is_not_granted_even_if_its_password_was_being_verified()
    {
        var authenticator = new Authenticator(TestLogin.Settings());
        var alice = TestLogin.Of("alice", "s3cret");
        var claim = authenticator.ClaimOf(alice);
        Assert.True(authenticator.Confirm(claim));

        authenticator.Remove(TestLogin.Alice);
        Assert.False(authenticator.TryGrantFromCache(alice));
        Assert.False(authenticator.Confirm(claim));
    }

    [Fact]
    public void A_changed_user_must_be_verified_again()
    {
        var authenticator = new Authenticator(TestLogin.Settings());
        var alice = TestLogin.Of("alice", "s3cret");
        var claim = authenticator.ClaimOf(alice);
        Assert.True(authenticator.Confirm(claim));

        authenticator.Put(new UserSettings("alice", TestLogin.CheapHashOfS3cret));
        Assert.False(authenticator.TryGrantFromCache(alice));
        Assert.False(authenticator.Confirm(claim));
        Assert.True(authenticator.Confirm(authenticator.ClaimOf(alice)));
    }

    [Fact]
    public void A_user_removed_and_added_again_must_be_verified_again()
    {
        var authenticator = new Authenticator(TestLogin.Settings());
        var alice = TestLogin.Of("alice", "s3cret");
        Assert.True(authenticator.Confirm(authenticator.ClaimOf(alice)));

        authenticator.Remove(TestLogin.Alice);
        authenticator.Put(new UserSettings("alice", TestLogin.CheapHashOfS3cret));
        Assert.False(authenticator.TryGrantFromCache(alice));
    }

    [Fact]
    public void Granting_leaves_the_credentials_readable()
    {
        var authenticator = new Authenticator(TestLogin.Settings());
        var alice = TestLogin.Of("alice", "s3cret");
        authenticator.TryGrantFromCache(alice);
        Assert.True(alice.Password.SequenceEqual("s3cret"u8));
    }

    [Fact]
    public void A_password_that_cannot_be_verified_names_its_user_and_not_itself()
    {
        var error = Assert.Throws<FormatException>(() => new Authenticator(TestLogin.Settings(hash: "hunter2")));
        Assert.Contains("alice", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_cost_what_known_ones_do_and_each_always_the_same()
    {
        var settings = TestLogin.Settings();
        var carol = new UserSettings("carol", TestLogin.CheapHashOfS3cret.Replace("t=2", "t=3", StringComparison.Ordinal));
        var authenticator = new Authenticator(settings with { Users = [.. settings.Users, carol] });

        var costs = Enumerable.Range(0, 300).Select(i => CostOf($"nobody{i}")).ToArray();
        Assert.Equal(costs, Enumerable.Range(0, 300).Select(i => CostOf($"nobody{i}")));
        Assert.InRange(costs.Count(cost => cost.Iterations == 3), 50, 150);
        Assert.All(costs, cost => Assert.Equal(256, cost.MemoryKiB));

        PasswordCost CostOf(string name) => authenticator.ClaimOf(TestLogin.Of(name, "x")).Password.Cost;
    }

    [Fact]
    public void Without_users_an_unknown_name_costs_what_a_new_hash_does()
    {
        var authenticator = new Authenticator(TestLogin.Settings() with { Users = [] });
        Assert.Equal(PasswordCost.ForNewHashes, authenticator.ClaimOf(TestLogin.Of("alice", "x")).Password.Cost);
    }

    [Fact]
    public void Time_does_not_tell_an_unknown_user_from_a_wrong_password()
    {
        // Other processes disturb single samples and whole rounds; a real difference would be in every round.
        var authenticator = new Authenticator(TestLogin.Settings());
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
            authenticator.TryGrantFromCache(credentials);
            Assert.False(authenticator.ClaimOf(credentials).Password.Matches(credentials.Password));
            return Stopwatch.GetTimestamp() - start;
        }

        static long Median(List<long> samples)
        {
            samples.Sort();
            return samples[samples.Count / 2];
        }
    }
}
