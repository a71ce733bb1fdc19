using AkkaSocks.Server.Admin;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class WrongTokensTests
{
    [Fact]
    public void The_count_begins_anew_with_each_minute()
    {
        var clock = new TurnedClock();
        var wrong = new WrongTokens(clock);
        for (var i = 0; i < WrongTokens.PerMinute; i++)
            Assert.True(wrong.TryCount());
        clock.Seconds = 59;
        Assert.False(wrong.TryCount());

        clock.Seconds = 60;

        Assert.True(wrong.TryCount());
    }

    private sealed class TurnedClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
