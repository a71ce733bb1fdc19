using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class CredentialCacheTests
{
    private static readonly UserName Bob = UserName.FromText("bob");

    private readonly ManualClock _clock = new();

    [Fact]
    public void Remembered_credentials_are_known_until_their_time_is_over()
    {
        var cache = Cache();
        var key = cache.KeyOf(TestLogin.Alice, 1, "s3cret"u8);
        Assert.False(cache.Knows(key));

        cache.Remember(key, TestLogin.Alice);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(cache.Knows(key));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.Knows(key));
    }

    [Fact]
    public void Remembering_again_starts_the_time_anew()
    {
        var cache = Cache();
        var key = cache.KeyOf(TestLogin.Alice, 1, "s3cret"u8);
        cache.Remember(key, TestLogin.Alice);
        _clock.Advance(TimeSpan.FromSeconds(40));
        cache.Remember(key, TestLogin.Alice);
        _clock.Advance(TimeSpan.FromSeconds(40));
        cache.Remember(cache.KeyOf(Bob, 2, "pw"u8), Bob);
        Assert.True(cache.Knows(key));
    }

    [Fact]
    public void Keys_differ_when_name_revision_or_password_differ()
    {
        var cache = Cache();
        var text = Gen.Byte.Array[0, 6];
        var login = Gen.Select(text, Gen.Long[0, 3], text);
        Gen.Select(login, login).Sample((a, b) =>
        {
            var same = a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2 && a.Item3.SequenceEqual(b.Item3);
            return same == (KeyOf(a) == KeyOf(b));
        });

        CredentialKey KeyOf((byte[] Name, long Revision, byte[] Password) login) =>
            cache.KeyOf(new UserName(login.Name), login.Revision, login.Password);
    }

    [Fact]
    public void A_byte_moved_from_name_to_password_makes_another_key()
    {
        var cache = Cache();
        Assert.NotEqual(cache.KeyOf(UserName.FromText("ab"), 1, "c"u8), cache.KeyOf(UserName.FromText("a"), 1, "bc"u8));
    }

    [Fact]
    public void The_longest_name_and_password_have_a_key_of_their_own()
    {
        var cache = Cache();
        var name = new UserName(Enumerable.Repeat((byte)'n', 255).ToArray());
        var password = Enumerable.Repeat((byte)'p', 255).ToArray();
        var key = cache.KeyOf(name, 1, password);
        password[254] ^= 1;
        Assert.NotEqual(key, cache.KeyOf(name, 1, password));
    }

    [Fact]
    public void Keys_of_two_processes_differ() =>
        Assert.NotEqual(Cache().KeyOf(TestLogin.Alice, 1, "s3cret"u8), Cache().KeyOf(TestLogin.Alice, 1, "s3cret"u8));

    [Fact]
    public void The_oldest_goes_when_the_cache_is_full()
    {
        var cache = Cache(maxEntries: 3);
        var keys = Enumerable.Range(0, 5).Select(i => cache.KeyOf(TestLogin.Alice, i, "s3cret"u8)).ToArray();
        foreach (var key in keys)
            cache.Remember(key, TestLogin.Alice);

        Assert.Equal([false, false, true, true, true], keys.Select(key => cache.Knows(key)));
        Assert.Equal(3, cache.Count);
    }

    [Fact]
    public void Entries_whose_time_is_over_leave_when_others_come()
    {
        var cache = Cache();
        for (var i = 0; i < 10; i++)
            cache.Remember(cache.KeyOf(TestLogin.Alice, i, "s3cret"u8), TestLogin.Alice);
        _clock.Advance(TimeSpan.FromSeconds(61));
        cache.Remember(cache.KeyOf(Bob, 1, "pw"u8), Bob);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Forgetting_a_user_keeps_the_others()
    {
        var cache = Cache();
        var alice = cache.KeyOf(TestLogin.Alice, 1, "s3cret"u8);
        var bob = cache.KeyOf(Bob, 1, "s3cret"u8);
        cache.Remember(alice, TestLogin.Alice);
        cache.Remember(bob, Bob);

        cache.Forget(TestLogin.Alice);
        Assert.False(cache.Knows(alice));
        Assert.True(cache.Knows(bob));
    }

    [Fact]
    public void Many_threads_never_push_it_over_its_size()
    {
        var cache = Cache(maxEntries: 50);
        Parallel.For(0, 5000, i =>
        {
            var key = cache.KeyOf(TestLogin.Alice, i % 200, "s3cret"u8);
            cache.Remember(key, TestLogin.Alice);
            cache.Knows(key);
        });
        Assert.InRange(cache.Count, 1, 50);
    }

    private CredentialCache Cache(int maxEntries = 100) => new(TimeSpan.FromSeconds(60), maxEntries, _clock);
}
