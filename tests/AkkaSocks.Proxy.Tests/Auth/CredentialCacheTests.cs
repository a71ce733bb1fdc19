using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Tests.Auth.Users;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class CredentialCacheTests
{
    private static readonly UserRecord Alice = TestUsers.Record("alice");
    private static readonly UserRecord Bob = TestUsers.Record("bob");

    private readonly ManualClock _clock = new();

    [Fact]
    public void Remembered_credentials_are_known_until_their_time_is_over()
    {
        var cache = Cache();
        var key = cache.KeyOf(Alice.Name, "s3cret"u8);
        Assert.False(cache.Knows(key, Alice));

        cache.Remember(key, Alice);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(cache.Knows(key, Alice));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.Knows(key, Alice));
    }

    [Fact]
    public void Remembering_again_starts_the_time_anew()
    {
        var cache = Cache();
        var key = cache.KeyOf(Alice.Name, "s3cret"u8);
        cache.Remember(key, Alice);
        _clock.Advance(TimeSpan.FromSeconds(40));
        cache.Remember(key, Alice);
        _clock.Advance(TimeSpan.FromSeconds(40));
        cache.Remember(cache.KeyOf(Bob.Name, "pw"u8), Bob);
        Assert.True(cache.Knows(key, Alice));
    }

    [Fact]
    public void Keys_differ_when_name_or_password_differ()
    {
        var cache = Cache();
        var text = Gen.Byte.Array[0, 6];
        var login = Gen.Select(text, text);
        Gen.Select(login, login).Sample((a, b) =>
        {
            var same = a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2);
            return same == (KeyOf(a) == KeyOf(b));
        });

        CredentialKey KeyOf((byte[] Name, byte[] Password) login) => cache.KeyOf(new UserName(login.Name), login.Password);
    }

    [Fact]
    public void A_byte_moved_from_name_to_password_makes_another_key()
    {
        var cache = Cache();
        Assert.NotEqual(cache.KeyOf(UserName.FromText("ab"), "c"u8), cache.KeyOf(UserName.FromText("a"), "bc"u8));
    }

    [Fact]
    public void The_longest_name_and_password_have_a_key_of_their_own()
    {
        var cache = Cache();
        var name = new UserName(Enumerable.Repeat((byte)'n', 255).ToArray());
        var password = Enumerable.Repeat((byte)'p', 255).ToArray();
        var key = cache.KeyOf(name, password);
        password[254] ^= 1;
        Assert.NotEqual(key, cache.KeyOf(name, password));
    }

    [Fact]
    public void Keys_of_two_processes_differ() =>
        Assert.NotEqual(Cache().KeyOf(Alice.Name, "s3cret"u8), Cache().KeyOf(Alice.Name, "s3cret"u8));

    [Fact]
    public void The_oldest_goes_when_the_cache_is_full()
    {
        var cache = Cache(maxEntries: 3);
        var keys = Enumerable.Range(0, 5).Select(i => cache.KeyOf(Alice.Name, [(byte)i])).ToArray();
        foreach (var key in keys)
            cache.Remember(key, Alice);

        Assert.Equal([false, false, true, true, true], keys.Select(key => cache.Knows(key, Alice)));
        Assert.Equal(3, cache.Count);
    }

    [Fact]
    public void Entries_whose_time_is_over_leave_when_others_come()
    {
        var cache = Cache();
        for (var i = 0; i < 10; i++)
            cache.Remember(cache.KeyOf(Alice.Name, [(byte)i]), Alice);
        _clock.Advance(TimeSpan.FromSeconds(61));
        cache.Remember(cache.KeyOf(Bob.Name, "pw"u8), Bob);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void What_was_verified_against_one_record_says_nothing_about_another_of_that_name()
    {
        var cache = Cache();
        var key = cache.KeyOf(Alice.Name, "s3cret"u8);
        cache.Remember(key, Alice);

        Assert.False(cache.Knows(key, Alice with { }));
        Assert.True(cache.Knows(key, Alice));
    }

    [Fact]
    public void Many_threads_never_push_it_over_its_size()
    {
        var cache = Cache(maxEntries: 50);
        Parallel.For(0, 5000, i =>
        {
            var key = cache.KeyOf(Alice.Name, [(byte)(i % 200)]);
            cache.Remember(key, Alice);
            cache.Knows(key, Alice);
        });
        Assert.InRange(cache.Count, 1, 50);
    }

    private CredentialCache Cache(int maxEntries = 100) => new(TimeSpan.FromSeconds(60), maxEntries, _clock);
}
