using AkkaSocks.Proxy.Telemetry.Actors;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Actors;

public sealed class LookbackTests
{
    private readonly ManualClock _clock = new();
    private readonly Lookback<string> _readings;

    public LookbackTests() => _readings = new Lookback<string>(_clock, TimeSpan.FromSeconds(10));

    [Fact]
    public void Nothing_is_found_before_a_reading_is_old_enough()
    {
        Assert.Equal((null, null), _readings.Find());
        _readings.Note(() => "a");
        Advance(9);
        Assert.Equal((null, null), _readings.Find());
        Advance(1);
        Assert.Equal(("a", TimeSpan.FromSeconds(10)), _readings.Find());
    }

    [Fact]
    public void A_reading_of_a_moment_ago_leaves_the_one_before_it_to_be_compared_with()
    {
        _readings.Note(() => "a");
        Advance(10);
        _readings.Note(() => "b");
        Advance(5);
        Assert.Equal(("a", TimeSpan.FromSeconds(15)), _readings.Find());
        Advance(5);
        Assert.Equal(("b", TimeSpan.FromSeconds(10)), _readings.Find());
    }

    [Fact]
    public void What_comes_too_soon_is_not_even_read()
    {
        _readings.Note(() => "a");
        Advance(9);
        _readings.Note(() => throw new InvalidOperationException("It was read."));
    }

    private void Advance(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
