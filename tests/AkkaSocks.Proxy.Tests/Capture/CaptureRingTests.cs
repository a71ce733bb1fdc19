using AkkaSocks.Proxy.Capture;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Capture;

public sealed class CaptureRingTests
{
    [Fact]
    public void The_oldest_go_when_there_are_too_many()
    {
        var ring = new CaptureRing(3, int.MaxValue);
        for (var i = 0; i < 5; i++)
            ring.Add(TestExchange.Of(0));
        Assert.Equal([3L, 4, 5], ring.All().Select(exchange => exchange.Id));
        Assert.Null(ring.Find(2));
        Assert.Equal(3, ring.Find(3)!.Id);
    }

    [Fact]
    public void The_oldest_go_when_they_take_too_much()
    {
        var ring = new CaptureRing(100, 100_000);
        for (var i = 0; i < 10; i++)
            ring.Add(TestExchange.Of(30_000));
        Assert.Equal([8L, 9, 10], ring.All().Select(exchange => exchange.Id));
        ring.Add(TestExchange.Of(200_000));
        Assert.Empty(ring.All());
    }

    [Fact]
    public void A_smaller_limit_makes_it_forget_at_once_and_ids_go_on()
    {
        var ring = new CaptureRing(3, int.MaxValue);
        for (var i = 0; i < 3; i++)
            ring.Add(TestExchange.Of(0));
        ring.Limit(1, int.MaxValue);
        Assert.Equal(3, Assert.Single(ring.All()).Id);
        ring.Limit(2, int.MaxValue);
        ring.Add(TestExchange.Of(0));
        Assert.Equal([3L, 4], ring.All().Select(exchange => exchange.Id));
        ring.Limit(0, 0);
        Assert.Empty(ring.All());
    }

    [Fact]
    public void Whatever_a_node_has_seen_when_it_starts_anew_ids_are_others()
    {
        var started = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var before = new CaptureRing(1, int.MaxValue, CaptureRing.IdsBefore(started));
        for (var i = 0; i < 10_000; i++)
            before.Add(TestExchange.Of(0));
        var after = new CaptureRing(1, int.MaxValue, CaptureRing.IdsBefore(started.AddSeconds(1)));
        after.Add(TestExchange.Of(0));

        Assert.InRange(before.All()[0].Id, 1, after.All()[0].Id - 1);

        // JavaScript's numbers are exact up to here.
        Assert.InRange(after.All()[0].Id, 1, (1L << 53) - 1);
    }

    [Fact]
    public void Listeners_are_told_until_they_have_enough()
    {
        var ring = new CaptureRing(1, int.MaxValue);
        var told = new List<long>();
        var listening = ring.Listen(exchange => told.Add(exchange.Id));
        ring.Add(TestExchange.Of(0));
        ring.Add(TestExchange.Of(0));
        listening.Dispose();
        ring.Add(TestExchange.Of(0));
        Assert.Equal([1L, 2], told);
    }
}
