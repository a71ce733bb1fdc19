namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>The last two readings of what only grows, so that a third one shows what was done of late. For any thread.</summary>
/// <param name="clock">The time.</param>
/// <param name="shortest">Over less a rate is noise: so far apart readings are, and so old is the one that is compared with.</param>
internal sealed class Lookback<T>(TimeProvider clock, TimeSpan shortest)
{
    private readonly Lock _turn = new();
    private Noted? _before, _last;

    private sealed record Noted(long At, T Reading);

    /// <summary>Notes a reading, when the last one is old enough.</summary>
    public void Note(Func<T> read)
    {
        lock (_turn)
        {
            var now = clock.GetTimestamp();
            if (_last is { } last && clock.GetElapsedTime(last.At, now) < shortest)
                return;
            (_before, _last) = (_last, new Noted(now, read()));
        }
    }

    /// <summary>A reading that is old enough, and how old it is; none when nothing was noted in time.</summary>
    public (T? Reading, TimeSpan? Ago) Find()
    {
        lock (_turn)
        {
            // The last one may be of a moment ago.
            var now = clock.GetTimestamp();
            var then = _last is { } last && clock.GetElapsedTime(last.At, now) >= shortest ? last : _before;
            return then is null ? (default(T), default(TimeSpan?)) : (then.Reading, clock.GetElapsedTime(then.At, now));
        }
    }
}
