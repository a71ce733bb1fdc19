using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Egress;

/// <summary>
/// Addresses of names while their TTL lasts. Clients choose the names, so its size is bounded: the oldest go first. Any thread
/// may call it; finding takes no lock.
/// </summary>
internal sealed class AnswerCache(int maxEntries, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<(string Name, Entry Entry)> _oldestFirst = new();

    private sealed class Entry(ImmutableArray<IPAddress> addresses, long since, TimeSpan timeToLive)
    {
        public ImmutableArray<IPAddress> Addresses => addresses;

        public long Since => since;

        public TimeSpan TimeToLive => timeToLive;
    }

    /// <summary>Names held, those whose time is over included.</summary>
    public int Count => _entries.Count;

    /// <summary>The addresses of a name, or none when they are not known or their time is over.</summary>
    public ImmutableArray<IPAddress> Find(string name) =>
        _entries.TryGetValue(name, out var entry) && clock.GetElapsedTime(entry.Since) < entry.TimeToLive ? entry.Addresses : [];

    /// <summary>Remembers the addresses of a name; a time to live of zero does nothing (RFC 1035 §3.2.1).</summary>
    public void Remember(string name, ImmutableArray<IPAddress> addresses, TimeSpan timeToLive)
    {
        if (timeToLive <= TimeSpan.Zero)
            return;

        var entry = new Entry(addresses, clock.GetTimestamp(), timeToLive);
        lock (_oldestFirst)
        {
            _entries[name] = entry;
            _oldestFirst.Enqueue((name, entry));
            while (_oldestFirst.Count > maxEntries && _oldestFirst.TryDequeue(out var oldest))
                _entries.TryRemove(KeyValuePair.Create(oldest.Name, oldest.Entry));
        }
    }
}
