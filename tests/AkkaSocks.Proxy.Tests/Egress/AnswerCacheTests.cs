using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Egress;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Egress;

public sealed class AnswerCacheTests
{
    private static readonly ImmutableArray<IPAddress> One = [IPAddress.Parse("198.51.100.1")];
    private static readonly ImmutableArray<IPAddress> Two = [IPAddress.Parse("198.51.100.2")];

    private readonly ManualClock _clock = new();

    [Fact]
    public void An_answer_is_found_until_its_time_is_over()
    {
        var cache = new AnswerCache(10, _clock);
        cache.Remember("example.com", One, TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(One, cache.Find("Example.COM"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(cache.Find("example.com"));
    }

    [Fact]
    public void An_answer_that_holds_for_no_time_is_not_remembered()
    {
        var cache = new AnswerCache(10, _clock);
        cache.Remember("example.com", One, TimeSpan.Zero);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void The_oldest_goes_when_the_cache_is_full_but_not_what_was_renewed()
    {
        var cache = new AnswerCache(3, _clock);
        cache.Remember("a", One, TimeSpan.FromHours(1));
        cache.Remember("b", One, TimeSpan.FromHours(1));
        cache.Remember("a", Two, TimeSpan.FromHours(1));
        cache.Remember("c", One, TimeSpan.FromHours(1));
        Assert.Equal(Two, cache.Find("a"));

        cache.Remember("d", One, TimeSpan.FromHours(1));
        Assert.Empty(cache.Find("b"));
        Assert.Equal(3, cache.Count);
    }
}
