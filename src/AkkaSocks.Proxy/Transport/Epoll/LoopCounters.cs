using System.Diagnostics;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// What an event loop has been doing: written by the loop, read by anyone. A turn is the time between two waits for the kernel;
/// a long one means that something on the loop blocked or computed for too long, and delayed every session of the loop.
/// </summary>
internal sealed class LoopCounters
{
    private long _turns, _busyTicks, _longestTicks, _started = Stopwatch.GetTimestamp();

    /// <summary>Turns so far.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Time spent in turns so far.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _busyTicks));

    /// <summary>The longest turn since the last call; reading starts the next period.</summary>
    public TimeSpan TakeLongest() => Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref _longestTicks, 0));

    internal void TurnStarted() => _started = Stopwatch.GetTimestamp();

    internal void TurnEnded()
    {
        var ticks = Stopwatch.GetTimestamp() - _started;
        _turns++;
        _busyTicks += ticks;
        if (ticks > Volatile.Read(ref _longestTicks))
            Volatile.Write(ref _longestTicks, ticks);
    }
}
