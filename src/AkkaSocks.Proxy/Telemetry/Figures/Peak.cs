namespace AkkaSocks.Proxy.Telemetry.Figures;

/// <summary>
/// The highest value of the last half to whole minute, or since it was last read when that is longer ago. Several may read it; none
/// takes the value away from the others.
/// </summary>
internal sealed class Peak
{
    private const long HalfMinute = 30_000;

    private long _now, _before, _since = Environment.TickCount64;

    /// <summary>A value was met. Two at the same time may lose the lower one, and hardly ever the higher.</summary>
    public void Note(long value)
    {
        if (value > Volatile.Read(ref _now))
            Volatile.Write(ref _now, value);
    }

    /// <summary>The highest one.</summary>
    public long Read()
    {
        lock (this)
        {
            if (Environment.TickCount64 - _since >= HalfMinute)
            {
                _before = Interlocked.Exchange(ref _now, 0);
                _since = Environment.TickCount64;
            }

            return Math.Max(_before, Volatile.Read(ref _now));
        }
    }
}
