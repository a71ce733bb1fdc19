using Akka.Event;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class ProcessLogTests
{
    private readonly ProcessLog _log = new();

    [Fact]
    public void Lines_after_one_are_read_once_and_those_below_the_level_are_passed_over()
    {
        _log.Add(1000, LogLevel.InfoLevel, "a", "first");
        var number = _log.Last;
        _log.Add(1001, LogLevel.WarningLevel, "a", "second");
        _log.Add(1002, LogLevel.InfoLevel, "a", "third");

        Assert.Equal([new LogLine(2, 1001, LogLevel.WarningLevel, "a", "second")], _log.Since(ref number, LogLevel.WarningLevel, out var lost));
        Assert.Equal((3, 0), (number, lost));
        Assert.Empty(_log.Since(ref number, LogLevel.DebugLevel, out _));
    }

    [Fact]
    public void Of_too_many_the_oldest_go_and_are_counted()
    {
        for (var i = 1; i <= ProcessLog.Kept + 7; i++)
            _log.Add(i, LogLevel.InfoLevel, "a", $"{i}");
        var number = 2L;

        var lines = _log.Since(ref number, LogLevel.DebugLevel, out var lost);

        Assert.Equal((5, ProcessLog.Kept), (lost, lines.Count));
        Assert.Equal(Enumerable.Range(8, ProcessLog.Kept).Select(i => (long)i), lines.Select(line => line.Number));
        Assert.Equal([ProcessLog.Kept + 6, ProcessLog.Kept + 7], _log.Latest(LogLevel.DebugLevel, 2).Select(line => line.Number));
    }

    [Fact]
    public void A_line_that_is_too_long_is_cut()
    {
        _log.Add(0, LogLevel.ErrorLevel, "a", new string('x', ProcessLog.MostChars + 1));

        var text = Assert.Single(_log.Latest(LogLevel.ErrorLevel, 10)).Text;
        Assert.Equal((ProcessLog.MostChars, "x..."), (text.Length, text[^4..]));
    }

    [Fact]
    public void As_many_of_the_latest_go_into_a_frame_as_fit()
    {
        for (var i = 0; i < 100; i++)
            _log.Add(i, LogLevel.InfoLevel, "a", new string('\u20AC', ProcessLog.MostChars));
        var all = _log.Latest(LogLevel.InfoLevel, 100);

        var fitting = LogLine.Fitting(all);

        Assert.Equal(all.TakeLast(fitting.Count), fitting);
        Assert.Equal(56_000 / (ProcessLog.MostChars * 3), fitting.Count);
        Assert.Equal(all.Take(3), LogLine.Fitting([.. all.Take(3)]));
    }
}
