using System.Diagnostics;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// What an event loop has been doing: written by the loop, read by anyone. A turn is the time between two waits for the kernel;
/// a long one means that something on the loop blocked or computed for too long, and delayed every session of the loop.
/// </summary>
internal sealed class LoopCounters
{
    private readonly Peak _longestTicks = new();
    private long _turns, _busyTicks, _started = Stopwatch.GetTimestamp();

    /// <summary>Turns so far.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Time spent in turns so far.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _busyTicks));

    /// <summary>The longest turn of the last half to whole minute.</summary>
    public TimeSpan Longest => Stopwatch.GetElapsedTime(0, _longestTicks.Read());

    /// <summary>How long the turn has lasted that is not over; zero while the loop sleeps.</summary>
    public TimeSpan Current => Volatile.Read(ref _started) is not 0 and var started ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero;

    internal void TurnStarted() => Volatile.Write(ref _started, Stopwatch.GetTimestamp());

    internal void TurnEnded()
    {
        var ticks = Stopwatch.GetTimestamp() - _started;
        _turns++;
        _busyTicks += ticks;
        _longestTicks.Note(ticks);
        Volatile.Write(ref _started, 0);
    }
}
