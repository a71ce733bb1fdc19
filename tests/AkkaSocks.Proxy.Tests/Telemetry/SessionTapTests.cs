using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class SessionTapTests
{
    [Fact]
    public void A_closed_tap_keeps_nothing_and_one_that_is_closed_again_has_forgotten()
    {
        var tap = new SessionTap();
        tap.Ended(TestRecord.Silent());
        Assert.Empty(tap.Take(10, out _));

        tap.IsOpen = true;
        tap.Started(TestRecord.Silent());
        tap.Ended(TestRecord.Silent());
        Assert.Equal([false, true], tap.Take(10, out _).Select(it => it.HasEnded));

        tap.Ended(TestRecord.Silent());
        tap.IsOpen = false;
        Assert.Empty(tap.Take(10, out var lost));
        Assert.Equal(0, lost);
    }

    [Fact]
    public void The_last_that_were_refused_are_remembered_though_nobody_listens()
    {
        var tap = new SessionTap();
        tap.Ended(TestRecord.Silent());
        Assert.Empty(tap.LastRefused());
        var refused = Enumerable.Range(0, 600).Select(_ => TestRecord.Silent()).ToList();
        foreach (var record in refused)
        {
            record.End = SessionEnd.Refused;
            tap.Ended(record);
        }

        Assert.Equal(refused.TakeLast(512), tap.LastRefused());
        Assert.Equal(refused.TakeLast(512), tap.LastRefused());
    }
}
