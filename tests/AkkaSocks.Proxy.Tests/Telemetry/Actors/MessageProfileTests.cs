using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Telemetry.Figures;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Actors;

public sealed class MessageProfileTests
{
    private static readonly double[] Bounds = [1e-3, 1e-2];
    private static readonly MessageReading Earlier = Reading(failed: 1, waiting: [4, 0, 0], handling: [4, 0, 0], seconds: 0.1);

    [Fact]
    public void A_message_that_was_timed_stands_for_64_and_rate_times_and_share_of_a_core_are_those_of_late()
    {
        var now = Reading(failed: 3, waiting: [4, 0, 5], handling: [4, 5, 0], seconds: 0.6);

        var profile = MessageProfile.Of(now, Earlier, TimeSpan.FromSeconds(32));

        Assert.Equal((576, 3, 5, 10.0, 1.0), (profile.Handled, profile.Failed, profile.Timed, profile.PerSecond, profile.Busy!.Value));
        Assert.Equal(1e-2, profile.Waiting.P99);
        Assert.InRange(profile.Handling.Median!.Value, 1e-3, 1e-2);
        Assert.InRange(profile.Handling.P99!.Value, profile.Handling.Median.Value, 1e-2);
    }

    [Fact]
    public void Where_none_was_timed_of_late_the_times_are_those_since_the_start_and_the_rate_is_0()
    {
        var profile = MessageProfile.Of(Earlier, Earlier, TimeSpan.FromSeconds(10));

        Assert.Equal((4, 0.0, 0.0), (profile.Timed, profile.PerSecond, profile.Busy));
        Assert.InRange(profile.Handling.P99!.Value, 1e-4, 1e-3);
    }

    [Fact]
    public void Before_there_is_an_earlier_reading_no_rate_is_known_and_of_a_new_message_it_is_all_of_late()
    {
        Assert.Null(MessageProfile.Of(Earlier, null, null).PerSecond);
        Assert.Equal(25.6, MessageProfile.Of(Earlier, null, TimeSpan.FromSeconds(10)).PerSecond!.Value, 6);
    }

    [Fact]
    public void Of_one_that_only_failed_no_times_are_known()
    {
        var profile = MessageProfile.Of(Reading(failed: 2, waiting: [0, 0, 0], handling: [0, 0, 0], seconds: 0), null, null);

        Assert.Equal((0, 2, new MessageTimes(null, null)), (profile.Handled, profile.Failed, profile.Handling));
    }

    private static MessageReading Reading(long failed, long[] waiting, long[] handling, double seconds) => new(
        "session", "session.time-up", failed, new Distribution(Bounds, waiting, seconds), new Distribution(Bounds, handling, seconds));
}
