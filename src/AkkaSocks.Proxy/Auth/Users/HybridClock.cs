namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// Numbers the changes of users so that the later of two has the higher number, on whichever nodes they are made: a hybrid
/// logical clock (Kulkarni et al. 2014). What it gives looks like time and never goes back, even when the machine's time does.
/// Not for several threads.
/// </summary>
/// <remarks>
/// <code>
/// revision = milliseconds since 1970 (47 bits) | counter (16 bits)
/// </code>
/// The clock follows revisions of other nodes, and those stored before a restart, but only <see cref="MaxLead"/> ahead of its
/// own time: one node whose time is a year off must not drag all others along. A change of a user that bears such a revision
/// is still later than it, for it is numbered from there.
/// </remarks>
internal sealed class HybridClock
{
    /// <summary>How far ahead of this machine's time revisions of others may pull the clock.</summary>
    public static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(1);

    /// <summary>The highest revision that is believed: far beyond any time, and with room above it.</summary>
    public const long MaxRevision = 1L << 62;

    private const int CounterBits = 16;

    private long _last;

    /// <summary>The next revision: higher than all before, and than <paramref name="after"/>.</summary>
    /// <param name="now">This machine's time.</param>
    /// <param name="after">The revision of what is changed; 0 for a new user.</param>
    public long Next(DateTimeOffset now, long after) => _last = Math.Max(At(now), Math.Max(_last, after) + 1);

    /// <summary>Takes note of a revision that another node gave, or this one before it was restarted.</summary>
    public void Observe(DateTimeOffset now, long revision) => _last = Math.Max(_last, Math.Min(revision, At(now + MaxLead)));

    /// <summary>The lowest revision of a time.</summary>
    public static long At(DateTimeOffset time) => time.ToUnixTimeMilliseconds() << CounterBits;
}
