using AkkaSocks.Proxy.Capture;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Capture;

public sealed class ExchangeListTests
{
    [Fact]
    public void Pages_of_several_nodes_give_every_exchange_once_the_latest_to_end_first()
    {
        var rings = Enumerable.Range(0, 3).Select(node => Ring(node, 40)).ToList();
        var seen = new List<ExchangeSummary>();
        ExchangePlace? after = null;
        bool hasMore;
        do
        {
            var page = ExchangeList.Merge(
                [.. rings.Select((ring, node) => ExchangeList.Of(ring, $"n{node}", ExchangeFilter.Any, after, 7))], 7);
            Assert.InRange(page.Items.Length, 1, 7);
            seen.AddRange(page.Items);
            (after, hasMore) = (page.Items[^1].Place, page.HasMore);
        }
        while (hasMore);

        Assert.Equal(120, seen.Select(exchange => (exchange.Node, exchange.Id)).Distinct().Count());
        Assert.Equal(120, seen.Count);
        Assert.Equal(seen.OrderByDescending(it => it.Started + it.Duration), seen);
    }

    [Fact]
    public void A_page_with_the_longest_urls_fits_into_a_frame_and_says_that_there_is_more()
    {
        var ring = new CaptureRing(1000, int.MaxValue);
        for (var i = 0; i < 100; i++)
            ring.Add(TestExchange.Of(0) with { Url = "http://x.test/" + new string('é', 50_000), Host = new string('h', 5000) });
        var page = ExchangeList.Of(ring, "n1", ExchangeFilter.Any, null, 1000);
        Assert.InRange(page.Items.Length, 1, 99);
        Assert.True(page.HasMore);
        Assert.InRange(page.Items.Sum(exchange => exchange.Size), 1, 64_000);
        Assert.All(page.Items, exchange => Assert.Equal(2001, exchange.Url.Length));
    }

    [Theory]
    [InlineData("*.Example.test", null, null, 0, int.MaxValue, true)]
    [InlineData("example.test", null, null, 0, int.MaxValue, false)]
    [InlineData(null, "alice", "GET", 200, 299, true)]
    [InlineData(null, "bob", null, 0, int.MaxValue, false)]
    [InlineData(null, null, "POST", 0, int.MaxValue, false)]
    [InlineData(null, null, null, 404, 404, false)]
    public void Only_what_fits_all_that_is_given_is_wanted(string? host, string? user, string? method, int from, int to, bool isWanted)
    {
        var exchange = TestExchange.Of(0) with { Host = "www.example.test", User = "alice" };
        var filter = new ExchangeFilter(host, user, method, from, to);
        Assert.Equal(isWanted, filter.Passes(exchange));
        Assert.Equal(isWanted, filter.Passes(ExchangeSummary.Of(exchange, "n1")));
    }

    [Fact]
    public void A_place_is_read_as_it_was_written_and_what_is_none_is_not()
    {
        var place = new ExchangePlace(638_000_000_000_000_000, "n-1.example", 17);
        Assert.True(ExchangePlace.TryParse(place.ToString(), out var again));
        Assert.Equal(place, again);
        foreach (var wrong in (string[])["", "1", "1:2", "x:n1:2", "1:n1:x", "1::2", "1:n1:-2"])
            Assert.False(ExchangePlace.TryParse(wrong, out _), wrong);
        foreach (var wrong in (string[])["", "17", ":17", "n1:", "n1:x"])
            Assert.False(ExchangePlace.TryParseName(wrong, out _, out _), wrong);
    }

    private static CaptureRing Ring(int node, int count)
    {
        var ring = new CaptureRing(1000, int.MaxValue);
        for (var i = 0; i < count; i++)
            ring.Add(TestExchange.Of(0) with { Started = DateTimeOffset.UnixEpoch.AddSeconds((i * 7) + node) });
        return ring;
    }
}
