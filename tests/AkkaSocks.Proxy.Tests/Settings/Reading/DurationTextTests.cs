using AkkaSocks.Proxy.Settings.Reading;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Reading;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("1ms", 1)]
    [InlineData("2s", 2_000)]
    [InlineData("3 m", 180_000)]
    [InlineData("4h", 14_400_000)]
    [InlineData("5d", 432_000_000)]
    public void A_number_with_a_unit_is_a_duration(string text, double milliseconds)
    {
        Assert.Null(DurationText.Between(TimeSpan.Zero, TimeSpan.MaxValue)(text, out var value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("5S")]
    [InlineData("5 s ")]
    [InlineData("1s2s")]
    [InlineData("99999999999d")]
    [InlineData("٣s")]
    public void Anything_else_is_none(string text)
    {
        Assert.Equal("a duration such as 250ms, 10s or 15m", DurationText.Between(TimeSpan.Zero, TimeSpan.MaxValue)(text, out _));
    }

    [Fact]
    public void Zero_is_a_duration_only_where_it_means_never()
    {
        var (min, max) = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(90));

        Assert.Equal("a duration from 1s to 90m", DurationText.Between(min, max)("0", out _));
        Assert.Null(DurationText.BetweenOrNever(min, max)("0", out var never));
        Assert.Equal(TimeSpan.Zero, never);
    }
}
