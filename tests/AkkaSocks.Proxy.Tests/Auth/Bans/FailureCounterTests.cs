using AkkaSocks.Proxy.Auth.Bans;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Bans;

public sealed class FailureCounterTests
{
    [Fact]
    public void Failures_of_a_key_count_together_until_the_window_of_the_first_is_over()
    {
        var counter = new FailureCounter<int>(window: 100, maxEntries: 10);
        Assert.Equal([1, 2, 3], new[] { counter.Add(7, 1000), counter.Add(7, 1050), counter.Add(7, 1099) });
        Assert.Equal(1, counter.Add(8, 1099));
        Assert.Equal(1, counter.Add(7, 1100));
        Assert.Equal(2, counter.Add(7, 1199));
    }

    [Fact]
    public void A_key_that_is_forgotten_begins_anew()
    {
        var counter = new FailureCounter<int>(window: 100, maxEntries: 10);
        counter.Add(7, 0);
        counter.Forget(7);
        counter.Forget(7);
        Assert.Equal((1, 1), (counter.Add(7, 0), counter.Count));
    }

    [Fact]
    public void A_million_made_up_keys_leave_no_more_than_the_bound_and_the_latest_stay()
    {
        var counter = new FailureCounter<int>(window: 1_000_000, maxEntries: 1000);
        for (var key = 0; key < 1_000_000; key++)
            counter.Add(key, key);
        Assert.Equal(1000, counter.Count);
        Assert.Equal(2, counter.Add(999_999, 1_000_000 - 1));
        Assert.Equal(1, counter.Add(5, 1_000_000 - 1));
    }

    [Fact]
    public void Keys_whose_window_is_over_are_not_held()
    {
        var counter = new FailureCounter<int>(window: 100, maxEntries: 1000);
        for (var key = 0; key < 500; key++)
            counter.Add(key, 0);
        counter.Add(1000, 100);
        Assert.Equal(1, counter.Count);
    }
}
