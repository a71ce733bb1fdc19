using System.Collections.Concurrent;
using System.Text;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>
/// Who is banned in the cluster, as one node knows it. Nodes merge what they hear, and once each has heard all, in whatever order
/// and however often, all hold the same. Pure: times are milliseconds of the node's own monotonic clock, given by the caller.
/// </summary>
/// <remarks>
/// Of a target the latest <see cref="BanVersion"/> counts, a lifting as well as a ban. A lifting is held a little longer than the
/// ban it lifts, so that no copy of it comes back. When there are too many, the oldest bans for failures go first: the same on
/// every node, since their age is their version's. <see cref="Find"/> may be called on any thread at any time; for all else one
/// caller at a time.
/// </remarks>
/// <param name="origin">Marks versions made here.</param>
/// <param name="maxEntries">Bans and liftings held at once.</param>
internal sealed class BanList(uint origin, int maxEntries)
{
    // For copies that were under way.
    private const long LiftedForLonger = 60_000;

    private readonly ConcurrentDictionary<BanTarget, Entry> _entries = new();
    private readonly SortedSet<Entry> _byRank = new(Comparer<Entry>.Create(
        (a, b) => (a.Cause, a.Version).CompareTo((b.Cause, b.Version))));
    private long _counter;
    private ulong _hash;
    private volatile bool _isEmpty = true;

    private sealed record Entry(BanTarget Target, BanVersion Version, BanCause Cause, string? Reason, bool IsLifted, long Until)
    {
        public BanNotice NoticeAt(long now) => new(Target, Version, Cause, Reason, IsLifted, TimeSpan.FromMilliseconds(Until - now));
    }

    /// <summary>Nobody is banned, and nothing needs to be looked up.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Bans and liftings held, those that are over and not yet forgotten included.</summary>
    public int Count => _byRank.Count;

    /// <summary>Why a target is banned; null when it is not.</summary>
    public BanCause? Find(BanTarget target, long now) =>
        _entries.TryGetValue(target, out var entry) && !entry.IsLifted && entry.Until > now ? entry.Cause : null;

    /// <summary>Bans a target, in place of any ban it has.</summary>
    public BanNotice Impose(BanTarget target, BanCause cause, string? reason, TimeSpan duration, long now)
    {
        var entry = new Entry(target, NextVersion(), cause, reason, IsLifted: false, now + (long)duration.TotalMilliseconds);
        Put(entry);
        return entry.NoticeAt(now);
    }

    /// <summary>Lifts a ban.</summary>
    /// <returns>What to tell the others; null when there is no such ban.</returns>
    public BanNotice? Lift(BanVersion ban, long now)
    {
        if (_byRank.FirstOrDefault(entry => entry.Version == ban) is not { IsLifted: false } entry || entry.Until <= now)
            return null;
        var lifted = entry with
        {
            Version = NextVersion(), Cause = BanCause.Operator, IsLifted = true, Until = entry.Until + LiftedForLonger,
        };
        Put(lifted);
        return lifted.NoticeAt(now);
    }

    /// <summary>Takes in what another node said.</summary>
    /// <returns>Whether it was news.</returns>
    public bool Merge(BanNotice notice, long now)
    {
        _counter = Math.Max(_counter, notice.Version.Counter);
        var until = now + (long)notice.Remaining.TotalMilliseconds;
        if (until <= now)
            return false;
        var entry = new Entry(notice.Target, notice.Version, notice.Cause, notice.Reason, notice.IsLifted, until);
        if (!_entries.TryGetValue(notice.Target, out var known) || known.Version.CompareTo(notice.Version) < 0)
            return Put(entry);

        // Messages only lose time on their way: of two the shorter is nearer to the truth.
        if (known.Version == notice.Version && until < known.Until)
            Put(entry);
        return false;
    }

    /// <summary>Forgets what is over.</summary>
    public void Expire(long now)
    {
        foreach (var entry in _byRank.Where(entry => entry.Until <= now).ToList())
            Remove(entry);
    }

    /// <summary>All bans and liftings that are not over, the oldest first.</summary>
    public IEnumerable<BanNotice> All(long now) => _byRank.Where(entry => entry.Until > now)
        .OrderBy(entry => entry.Version).Select(entry => entry.NoticeAt(now));

    /// <summary>What all of it amounts to, times left out: equal on two nodes when they hold the same.</summary>
    public (int Count, ulong Hash) Digest(long now)
    {
        Expire(now);
        return (Count, _hash);
    }

    private BanVersion NextVersion() => new(++_counter, origin);

    // False when there is no room for one so old.
    private bool Put(Entry entry)
    {
        if (_entries.TryGetValue(entry.Target, out var old))
            Forget(old);
        _entries[entry.Target] = entry;
        _byRank.Add(entry);
        _hash ^= HashOf(entry);
        while (_byRank.Count > maxEntries)
            Remove(_byRank.Min!);
        _isEmpty = _byRank.Count == 0;
        return _entries.TryGetValue(entry.Target, out var kept) && ReferenceEquals(kept, entry);
    }

    private void Remove(Entry entry)
    {
        _entries.TryRemove(entry.Target, out _);
        Forget(entry);
        _isEmpty = _byRank.Count == 0;
    }

    private void Forget(Entry entry)
    {
        _byRank.Remove(entry);
        _hash ^= HashOf(entry);
    }

    private static ulong HashOf(Entry entry) => StableHash.Of(Encoding.UTF8.GetBytes($"{entry.Version} {entry.IsLifted}"));
}
