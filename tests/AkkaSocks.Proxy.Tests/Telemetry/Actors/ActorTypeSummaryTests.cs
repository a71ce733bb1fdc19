using AkkaSocks.Proxy.Telemetry.Actors;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Actors;

public sealed class ActorTypeSummaryTests
{
    private static readonly ActorTypeSummary Earlier =
        new("session", 1, 1, 0, 0, 1000, 0, 0) { Timed = 10, HandlingSeconds = 0.1, WaitingSeconds = 1 };

    [Fact]
    public void Rate_and_times_are_those_since_the_earlier_reading()
    {
        var now = (Earlier with { Messages = 1500, Timed = 12, HandlingSeconds = 0.5, WaitingSeconds = 1.5 }).Since(Earlier, TimeSpan.FromSeconds(5));

        Assert.Equal((100, 200.0, 250.0), (now.PerSecond, now.MeanHandling!.Value.TotalMilliseconds, now.MeanWaiting!.Value.TotalMilliseconds));
        Assert.Equal(1500, now.Messages);
    }

    [Fact]
    public void Where_no_message_was_timed_since_the_times_are_those_of_all()
    {
        var now = Earlier.Since(Earlier, TimeSpan.FromSeconds(5));

        Assert.Equal((0, 10.0), (now.PerSecond, now.MeanHandling!.Value.TotalMilliseconds));
        Assert.Null((Earlier with { Timed = 0 }).MeanHandling);
    }
}
