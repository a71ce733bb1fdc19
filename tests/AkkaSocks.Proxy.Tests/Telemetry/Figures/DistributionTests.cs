using AkkaSocks.Proxy.Telemetry.Figures;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Figures;

public sealed class DistributionTests
{
    private static readonly double[] Bounds = [1e-3, 1e-2, 1e-1];

    [Theory]
    [InlineData(0.5, 1e-2)]
    [InlineData(0.25, 3.1623e-3)]
    [InlineData(0.75, 3.1623e-2)]
    [InlineData(1, 1e-1)]
    public void A_quantile_lies_between_the_bounds_of_its_bucket_by_orders_of_magnitude(double share, double seconds) =>
        Assert.Equal(seconds, new Distribution(Bounds, [0, 10, 10, 0], 1).Quantile(share)!.Value, 1e-6);

    [Fact]
    public void Below_the_first_bound_the_bucket_is_as_wide_as_the_next_and_above_the_last_nothing_is_known()
    {
        Assert.Equal(3.1623e-4, new Distribution(Bounds, [2, 0, 0, 0], 0).Quantile(0.5)!.Value, 1e-7);
        Assert.Equal(1e-1, new Distribution(Bounds, [0, 0, 0, 5], 5).Quantile(0.99));
        Assert.Equal(1e-1, new Distribution(Bounds, [97, 0, 1, 2], 5).Quantile(0.99));
    }

    [Fact]
    public void Of_nothing_there_is_no_quantile() => Assert.Null(new Distribution(Bounds, [0, 0, 0, 0], 0).Quantile(0.5));

    [Fact]
    public void What_came_since_an_earlier_reading_is_the_difference()
    {
        var since = new Distribution(Bounds, [3, 2, 5, 1], 4).Since(new Distribution(Bounds, [1, 2, 3, 0], 1.5));

        Assert.Equal([2, 0, 2, 1], since.Counts);
        Assert.Equal((5, 2.5), (since.Count, since.Sum));
    }
}
