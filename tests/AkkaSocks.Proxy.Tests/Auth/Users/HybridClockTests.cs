using AkkaSocks.Proxy.Auth.Users;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

public sealed class HybridClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<DateTimeOffset> Times = Gen.Int[-100_000, 100_000].Select(ms => Noon.AddMilliseconds(ms));

    [Fact]
    public void Revisions_rise_whatever_the_time_and_other_nodes_do()
    {
        var step = Gen.Select(Times, Gen.Bool, Gen.Long[0, HybridClock.MaxRevision]);
        step.Array[2, 50].Sample(steps =>
        {
            var clock = new HybridClock();
            var last = 0L;
            foreach (var (now, isOwn, revision) in steps)
            {
                if (!isOwn)
                    clock.Observe(now, revision);
                else if (clock.Next(now, after: 0) is var next && next <= last)
                    return false;
                else
                    last = next;
            }

            return true;
        });
    }

    [Fact]
    public void A_change_is_later_than_what_it_changes_even_if_that_is_years_ahead() =>
        Gen.Select(Times, Gen.Long[0, HybridClock.MaxRevision])
            .Sample((now, after) => new HybridClock().Next(now, after) > after);

    [Fact]
    public void A_restarted_clock_goes_on_behind_what_it_had_stored_although_the_time_was_set_back()
    {
        var before = new HybridClock().Next(Noon, after: 0);
        var restarted = new HybridClock();
        restarted.Observe(Noon.AddSeconds(-50), before);
        Assert.InRange(restarted.Next(Noon.AddSeconds(-50), after: 0), before + 1, HybridClock.At(Noon.AddMilliseconds(1)));
    }

    [Fact]
    public void A_node_whose_time_is_years_ahead_pulls_others_a_minute_at_most()
    {
        var clock = new HybridClock();
        clock.Observe(Noon, HybridClock.At(Noon.AddYears(3)));
        Assert.Equal(HybridClock.At(Noon + HybridClock.MaxLead) + 1, clock.Next(Noon, after: 0));
    }

    [Fact]
    public void Revisions_follow_the_time() =>
        Assert.Equal(1000L << 16, HybridClock.At(Noon.AddSeconds(1)) - HybridClock.At(Noon));
}
