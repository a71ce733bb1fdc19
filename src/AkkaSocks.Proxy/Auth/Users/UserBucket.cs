using System.Buffers.Binary;
using System.Security.Cryptography;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users.Wire;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// One of a directory's <see cref="UserKey.Buckets"/> parts, tombstones included: an array in the order of keys that never
/// changes. A change makes a new bucket, so readers take no lock and a page is read from one state. With a million users that
/// copies 62 KB, and a user takes 16 bytes beside its record where a hash table would take 60.
/// </summary>
internal sealed class UserBucket
{
    /// <summary>A bucket without users.</summary>
    public static readonly UserBucket Empty = new([], 0);

    private readonly Entry[] _entries;

    private UserBucket(Entry[] entries, ulong digest) => (_entries, Digest) = (entries, digest);

    /// <summary>A record and the key of its name.</summary>
    internal readonly record struct Entry(ulong Key, UserRecord Record) : IComparable<Entry>
    {
        /// <inheritdoc/>
        public int CompareTo(Entry other) => Compare(Key, Record.Name, other);
    }

    /// <summary>Records in it, tombstones included.</summary>
    public int Length => _entries.Length;

    /// <summary>The XOR of a hash of each record: equal, as good as certainly, exactly when two buckets hold the same.</summary>
    public ulong Digest { get; }

    /// <summary>The records in the order of keys.</summary>
    public IEnumerable<UserRecord> Records => _entries.Select(entry => entry.Record);

    /// <summary>The record of a name, tombstones included; null when there is none.</summary>
    public UserRecord? Find(ulong key, UserName name)
    {
        var index = LowerBound(key, name);
        return index < _entries.Length && Compare(key, name, _entries[index]) == 0 ? _entries[index].Record : null;
    }

    /// <summary>The records behind a name in the order of keys, or all of them.</summary>
    public ArraySegment<Entry> After(UserName? after)
    {
        if (after is not { } name)
            return _entries;
        var key = UserKey.Of(name);
        var start = LowerBound(key, name);
        if (start < _entries.Length && Compare(key, name, _entries[start]) == 0)
            start++;
        return new ArraySegment<Entry>(_entries, start, _entries.Length - start);
    }

    /// <summary>The bucket with these records in it, each instead of any other of its name.</summary>
    /// <param name="changes">In order, no name twice.</param>
    /// <param name="replaced">Told each record that goes, null for none, and the one that comes.</param>
    public UserBucket With(ReadOnlySpan<Entry> changes, Action<UserRecord?, UserRecord> replaced)
    {
        var entries = new Entry[_entries.Length + changes.Length];
        var (length, next, digest) = (0, 0, Digest);
        foreach (var change in changes)
        {
            var place = LowerBound(change.Key, change.Record.Name);
            length += Copy(next, place, entries, length);
            next = place;
            UserRecord? old = null;
            if (place < _entries.Length && change.CompareTo(_entries[place]) == 0)
            {
                old = _entries[place].Record;
                digest ^= Hash(old);
                next++;
            }

            entries[length++] = change;
            digest ^= Hash(change.Record);
            replaced(old, change.Record);
        }

        length += Copy(next, _entries.Length, entries, length);
        Array.Resize(ref entries, length);
        return new UserBucket(entries, digest);
    }

    /// <summary>The bucket without some of its records; itself when there are none such.</summary>
    public UserBucket Without(Predicate<UserRecord> isGone)
    {
        if (!Array.Exists(_entries, entry => isGone(entry.Record)))
            return this;
        var left = Array.FindAll(_entries, entry => !isGone(entry.Record));
        return new UserBucket(left, left.Aggregate(0UL, (digest, entry) => digest ^ Hash(entry.Record)));
    }

    private int Copy(int start, int end, Entry[] to, int at)
    {
        Array.Copy(_entries, start, to, at, end - start);
        return end - start;
    }

    private int LowerBound(ulong key, UserName name)
    {
        var (low, high) = (0, _entries.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (Compare(key, name, _entries[middle]) > 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static int Compare(ulong key, UserName name, in Entry entry) =>
        key != entry.Key ? key.CompareTo(entry.Key) : name.Bytes.SequenceCompareTo(entry.Record.Name.Bytes);

    private static ulong Hash(UserRecord record)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(UserWire.Pack(record), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
