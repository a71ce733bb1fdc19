namespace AkkaSocks.Server.Admin;

/// <summary>Counts wrong tokens, a minute at a time.</summary>
internal sealed class WrongTokens(TimeProvider clock)
{
    /// <summary>Wrong tokens a minute that are told to be wrong; after them the answer is to come back later.</summary>
    public const int PerMinute = 100;

    private readonly Lock _counting = new();
    private long _since = clock.GetTimestamp();
    private int _count;

    /// <summary>Counts one; false when it was one too many.</summary>
    public bool TryCount()
    {
        lock (_counting)
        {
            if (clock.GetElapsedTime(_since) >= TimeSpan.FromMinutes(1))
                (_since, _count) = (clock.GetTimestamp(), 0);
            return ++_count <= PerMinute;
        }
    }
}
