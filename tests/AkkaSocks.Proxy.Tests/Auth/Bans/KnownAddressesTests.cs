using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Limits;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Bans;

public sealed class KnownAddressesTests
{
    private static readonly LoginOrigin Alice = Of("alice", 1);

    [Fact]
    public void An_address_is_known_for_its_user_until_its_time_is_over()
    {
        var known = new KnownAddresses(timeToLive: 800, maxEntries: 10);
        known.Add(Alice, long.MaxValue, 1000);
        Assert.True(known.Knows(Alice, 1799));
        Assert.False(known.Knows(Alice, 1800));
        Assert.False(known.Knows(Of("bob", 1), 1000));
        Assert.False(known.Knows(Of("alice", 2), 1000));
    }

    [Fact]
    public void Another_login_is_news_only_after_an_eighth_of_the_time()
    {
        var known = new KnownAddresses(timeToLive: 800, maxEntries: 10);
        Assert.False(known.IsFresh(Alice, 0));
        known.Add(Alice, long.MaxValue, 0);
        Assert.True(known.IsFresh(Alice, 99));
        Assert.False(known.IsFresh(Alice, 100));
    }

    [Fact]
    public void What_others_say_prolongs_and_never_shortens()
    {
        var known = new KnownAddresses(timeToLive: 800, maxEntries: 10);
        known.Add(Alice, 100, 0);
        known.Add(Alice, 700, 0);
        known.Add(Alice, 50, 0);
        Assert.Equal(TimeSpan.FromMilliseconds(700), Assert.Single(known.All(0)).Remaining);
    }

    [Fact]
    public void Only_so_many_are_held_and_those_renewed_last_stay()
    {
        var known = new KnownAddresses(timeToLive: 10_000_000, maxEntries: 100);
        for (var i = 0; i < 100_000; i++)
        {
            known.Add(Of("user", i), long.MaxValue, i);
            if (i % 50 == 0)
                known.Add(Alice, long.MaxValue, i);
        }

        Assert.InRange(known.Count, 1, 100);
        Assert.True(known.Knows(Alice, 100_000));
        Assert.False(known.Knows(Of("user", 5), 100_000));
    }

    private static LoginOrigin Of(string user, int host) =>
        new(UserName.FromText(user), ClientNetwork.Of(new IPAddress([10, (byte)(host >> 16), (byte)(host >> 8), (byte)host])));
}
