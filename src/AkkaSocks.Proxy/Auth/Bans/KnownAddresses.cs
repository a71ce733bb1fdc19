using System.Collections.Concurrent;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>
/// Where users have proven their password from. A ban of a user for failures elsewhere does not hold there, so that nobody can
/// lock a user out by failing in its name. <see cref="Add"/> is for one caller at a time; all else may be
/// called on any thread at any time. Times are milliseconds of a monotonic clock.
/// </summary>
/// <param name="timeToLive">How long an address is known after the last login.</param>
/// <param name="maxEntries">Users' addresses held at once; those not renewed for longest go first.</param>
internal sealed class KnownAddresses(long timeToLive, int maxEntries)
{
    private readonly ConcurrentDictionary<LoginOrigin, long> _until = new();
    private readonly Queue<(LoginOrigin Origin, long Until)> _oldestFirst = new();

    /// <summary>Users' addresses held.</summary>
    public int Count => _until.Count;

    /// <summary>Whether a user has logged in from there.</summary>
    public bool Knows(LoginOrigin origin, long now) => _until.TryGetValue(origin, out var until) && until > now;

    /// <summary>Whether it is known for so long yet that another login is no news.</summary>
    public bool IsFresh(LoginOrigin origin, long now) =>
        _until.TryGetValue(origin, out var until) && until - now > timeToLive - (timeToLive / 8);

    /// <summary>A user has logged in from there.</summary>
    /// <param name="origin">Who, from where.</param>
    /// <param name="remaining">How long it is known for from now on; the longer holds.</param>
    /// <param name="now">Now.</param>
    public void Add(LoginOrigin origin, long remaining, long now)
    {
        var until = now + Math.Min(remaining, timeToLive);
        if (until <= now || _until.TryGetValue(origin, out var known) && known >= until)
            return;
        _until[origin] = until;
        _oldestFirst.Enqueue((origin, until));
        while (_oldestFirst.TryPeek(out var oldest) && (_oldestFirst.Count > maxEntries || oldest.Until <= now))
        {
            _oldestFirst.Dequeue();

            // Only if it was not renewed since.
            _until.TryRemove(KeyValuePair.Create(oldest.Origin, oldest.Until));
        }
    }

    /// <summary>All, with how long each is still known.</summary>
    public IEnumerable<KnownAddress> All(long now) => _until.Where(entry => entry.Value > now)
        .Select(entry => new KnownAddress(entry.Key, TimeSpan.FromMilliseconds(entry.Value - now)));
}
