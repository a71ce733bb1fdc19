using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class EventRingTests
{
    [Fact]
    public void What_fits_comes_out_in_order()
    {
        var ring = new EventRing<int>(4);
        foreach (var entry in new[] { 1, 2, 3 })
            ring.Add(entry);

        Assert.Equal([1, 2], ring.Take(2, out var lost));
        Assert.Equal(0, lost);
        Assert.Equal([3], ring.Take(10, out _));
        Assert.Empty(ring.Take(10, out _));
        Assert.True(ring.IsEmpty);
    }

    [Fact]
    public void When_it_is_full_the_oldest_go_and_are_counted_once()
    {
        var ring = new EventRing<int>(3);
        for (var entry = 1; entry <= 10; entry++)
            ring.Add(entry);

        Assert.Equal([8, 9, 10], ring.Take(10, out var lost));
        Assert.Equal(7, lost);
        ring.Add(11);
        Assert.Equal([11], ring.Take(10, out lost));
        Assert.Equal(0, lost);
    }
}
