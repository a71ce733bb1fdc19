using System.Diagnostics;
using AkkaSocks.Proxy.Telemetry.Figures;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Figures;

public sealed class HistogramTests
{
    private readonly Histogram _histogram = new([0.001, 0.01, 0.1]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.001, 0)]
    [InlineData(0.0011, 1)]
    [InlineData(0.01, 1)]
    [InlineData(0.05, 2)]
    [InlineData(0.2, 3)]
    [InlineData(3600, 3)]
    public void A_duration_counts_in_the_first_bucket_that_is_wide_enough(double seconds, int bucket)
    {
        _histogram.Observe(5, 5 + (long)(seconds * Stopwatch.Frequency));
        var counts = new long[4];
        counts[bucket] = 1;
        Assert.Equal(counts, _histogram.Read().Counts);
        Assert.Equal(seconds, _histogram.Read().Sum, 6);
    }

    [Fact]
    public void A_clock_that_goes_back_counts_as_no_time()
    {
        _histogram.Observe(10, 5);
        Assert.Equal([1, 0, 0, 0], _histogram.Read().Counts);
        Assert.Equal(0, _histogram.Read().Sum);
    }

    [Fact]
    public void Nothing_is_lost_between_threads()
    {
        Thread[] threads =
        [
            .. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
            {
                for (var i = 0; i < 50_000; i++)
                    _histogram.Observe(0, 10);
            })),
        ];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(300_000, _histogram.Read().Counts[0]);
        Assert.Equal(3_000_000 / (double)Stopwatch.Frequency, _histogram.Read().Sum, 9);
    }

    [Fact]
    public void Observing_allocates_nothing()
    {
        _histogram.Observe(0, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _histogram.Observe(0, i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
