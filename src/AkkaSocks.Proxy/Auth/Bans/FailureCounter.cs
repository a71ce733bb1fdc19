namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>
/// How many logins of each key have failed lately: within a window that begins with the first failure. Clients choose the keys, so
/// there is an end to them: the oldest go first. Pure, and not for several threads.
/// </summary>
/// <param name="window">How long a failure counts at most, in milliseconds.</param>
/// <param name="maxEntries">Keys held at once.</param>
internal sealed class FailureCounter<TKey>(long window, int maxEntries)
    where TKey : struct, IEquatable<TKey>
{
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly LinkedList<Entry> _oldestFirst = [];

    private sealed class Entry(TKey key, long since)
    {
        public TKey Key => key;

        public long Since => since;

        public int Failures { get; set; }

        public LinkedListNode<Entry>? Place { get; set; }
    }

    /// <summary>Keys held.</summary>
    public int Count => _entries.Count;

    /// <summary>Counts one failure.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    /// <returns>How many it has had in its window.</returns>
    public int Add(TKey key, long now)
    {
        while (_oldestFirst.First is { } oldest && now - oldest.Value.Since >= window)
            Forget(oldest.Value.Key);
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_entries.Count == maxEntries)
                Forget(_oldestFirst.First!.Value.Key);
            entry = new Entry(key, now);
            entry.Place = _oldestFirst.AddLast(entry);
            _entries.Add(key, entry);
        }

        return ++entry.Failures;
    }

    /// <summary>Begins anew with a key.</summary>
    public void Forget(TKey key)
    {
        if (_entries.Remove(key, out var entry))
            _oldestFirst.Remove(entry.Place!);
    }
}
