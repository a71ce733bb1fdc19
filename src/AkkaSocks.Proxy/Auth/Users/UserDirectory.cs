using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// Every user there is, in memory, on every node: so a login asks nobody. Two layers: the fixed users of <c>auth.users</c>,
/// which are this node's alone and change with its configuration only, and under them the stored ones, which all nodes share. Any thread may read, without a lock;
/// changes take turns.
/// </summary>
internal sealed class UserDirectory
{
    private volatile FrozenDictionary<UserName, UserRecord> _fixed;
    private readonly UserBucket[] _buckets = [.. Enumerable.Repeat(UserBucket.Empty, UserKey.Buckets)];
    private readonly Lock _changing = new();
    private int _stored;

    /// <summary>A directory with these fixed users and no stored ones.</summary>
    public UserDirectory(IEnumerable<UserRecord> fixedUsers)
    {
        _fixed = fixedUsers.ToFrozenDictionary(user => user.Name);
        foreach (var user in _fixed.Values)
            Decoys.Count(null, user);
    }

    /// <summary>A user was added, changed or removed (a tombstone). Called on any thread, after the change can be seen. Must not
    /// throw.</summary>
    public event Action<UserRecord>? Changed;

    /// <summary>Users that <see cref="Find"/> finds.</summary>
    public int Count => _fixed.Count + Volatile.Read(ref _stored);

    /// <summary>What unknown users are verified against.</summary>
    public DecoyPasswords Decoys { get; } = new();

    /// <summary>All users by name, as they were when this was called. Sorts them all; for pages there is
    /// <see cref="Page"/>.</summary>
    public IEnumerable<UserRecord> All => Visible().OrderBy(user => user.Name, UserNameOrder.Ascending);

    /// <summary>A digest of each bucket of the stored users, tombstones included.</summary>
    public ImmutableArray<ulong> Digests => [.. _buckets.Select(bucket => bucket.Digest)];

    /// <summary>The user of this name; null when it is unknown or was removed. Takes 0.2 µs among a hundred
    /// thousand.</summary>
    public UserRecord? Find(UserName name) =>
        _fixed.Count != 0 && _fixed.TryGetValue(name, out var user) ? user
        : FindStored(name) is { Deleted: false } stored ? stored
        : null;

    /// <summary>Whether the name is of a fixed user, which hides any stored one.</summary>
    public bool IsFixed(UserName name) => _fixed.ContainsKey(name);

    /// <summary>The stored record of this name, hidden ones and tombstones included; null when there is none.</summary>
    public UserRecord? FindStored(UserName name)
    {
        var key = UserKey.Of(name);
        return Bucket(UserKey.BucketOf(key)).Find(key, name);
    }

    /// <summary>One of the <see cref="UserKey.Buckets"/> buckets of stored users.</summary>
    public UserBucket Bucket(int index) => Volatile.Read(ref _buckets[index]);

    /// <summary>The users behind a name in the order of names. Looks at all of them: 10 ms for a hundred thousand.</summary>
    /// <param name="after">The last name of the page before; null for the first page.</param>
    /// <param name="count">Users at most.</param>
    /// <param name="filter">Which users; null for all.</param>
    public ImmutableArray<UserRecord> Page(UserName? after, int count, Func<UserRecord, bool>? filter = null)
    {
        var page = new PriorityQueue<UserRecord, UserName>(UserNameOrder.Descending);
        foreach (var user in Visible())
        {
            if ((after is { } last && UserNameOrder.Ascending.Compare(user.Name, last) <= 0) || filter?.Invoke(user) == false)
                continue;
            if (page.Count < count)
                page.Enqueue(user, user.Name);
            else
                page.EnqueueDequeue(user, user.Name);
        }

        var users = new UserRecord[page.Count];
        for (var i = users.Length - 1; i >= 0; i--)
            users[i] = page.Dequeue();
        return ImmutableCollectionsMarshal.AsImmutableArray(users);
    }

    /// <summary>Takes in records that supersede what is known, and passes over the rest.</summary>
    /// <returns>Those that were taken in.</returns>
    public ImmutableArray<UserRecord> Merge(IEnumerable<UserRecord> records)
    {
        var taken = ImmutableArray.CreateBuilder<UserRecord>();
        lock (_changing)
        {
            var buckets = records.Select(record => new UserBucket.Entry(UserKey.Of(record.Name), record))
                .GroupBy(entry => UserKey.BucketOf(entry.Key));
            foreach (var bucket in buckets)
                Merge(bucket.Key, [.. bucket.Order()], taken);
        }

        if (Changed is { } changed)
        {
            foreach (var record in taken.Where(record => !IsFixed(record.Name)))
                changed(record);
        }

        return taken.DrainToImmutable();
    }

    /// <summary>Puts other fixed users in the place of those there were. Who is the same in all keeps its very record, so that what was
    /// verified stays so.</summary>
    public void ReplaceFixed(IEnumerable<UserRecord> fixedUsers)
    {
        var changed = new List<UserRecord>();
        lock (_changing)
        {
            var before = _fixed;
            var after = fixedUsers.Select(user => before.GetValueOrDefault(user.Name) is { } same && IsSame(same, user) ? same : user)
                .ToFrozenDictionary(user => user.Name);
            foreach (var name in before.Keys.Union(after.Keys))
            {
                var (old, now) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
                if (ReferenceEquals(old, now))
                    continue;

                // A stored user of the name comes to light with the fixed one gone, or is hidden by it.
                var stored = FindStored(name) is { Deleted: false } record ? record : null;
                if (stored is not null && (old is null || now is null))
                    _stored += old is null ? -1 : 1;
                var visible = now ?? stored ?? UserRecord.Tombstone(name);
                Decoys.Count(old ?? stored, visible);
                changed.Add(visible);
            }

            _fixed = after;
        }

        foreach (var user in changed)
            Changed?.Invoke(user);
    }

    /// <summary>Forgets the tombstones of before a revision: from then on nothing says that there were such users.</summary>
    public void Purge(long before)
    {
        lock (_changing)
        {
            for (var i = 0; i < _buckets.Length; i++)
                Volatile.Write(ref _buckets[i], _buckets[i].Without(record => record.Deleted && record.Revision < before));
        }
    }

    /// <summary>Drops what is stored under these names: it was removed without a tombstone.</summary>
    public void Drop(IEnumerable<UserName> names)
    {
        foreach (var name in names)
        {
            if (TryDrop(name) is { Deleted: false } dropped && !IsFixed(name))
                Changed?.Invoke(UserRecord.Tombstone(name) with { Revision = dropped.Revision + 1, Writer = dropped.Writer });
        }
    }

    private static bool IsSame(UserRecord one, UserRecord other) =>
        one.Password == other.Password && one.MaxSessions == other.MaxSessions && one.Commands == other.Commands;

    private UserRecord? TryDrop(UserName name)
    {
        lock (_changing)
        {
            if (FindStored(name) is not { } dropped)
                return null;
            var index = UserKey.BucketOf(UserKey.Of(name));
            Volatile.Write(ref _buckets[index], _buckets[index].Without(record => record.Name == name));
            Tally(dropped, UserRecord.Tombstone(name));
            return dropped;
        }
    }

    private void Merge(int index, UserBucket.Entry[] candidates, ImmutableArray<UserRecord>.Builder taken)
    {
        var bucket = _buckets[index];
        var changes = new List<UserBucket.Entry>(candidates.Length);
        foreach (var candidate in candidates)
        {
            var known = changes is [.., var last] && last.CompareTo(candidate) == 0
                ? last.Record
                : bucket.Find(candidate.Key, candidate.Record.Name);
            if (known is not null && !candidate.Record.Supersedes(known))
                continue;
            if (changes is [.., var same] && ReferenceEquals(same.Record, known))
                changes.RemoveAt(changes.Count - 1);
            changes.Add(candidate);
        }

        if (changes.Count == 0)
            return;
        Volatile.Write(ref _buckets[index], bucket.With(CollectionsMarshal.AsSpan(changes), Tally));
        taken.AddRange(changes.Select(change => change.Record));
    }

    private void Tally(UserRecord? old, UserRecord record)
    {
        if (IsFixed(record.Name))
            return;
        Decoys.Count(old, record);
        _stored += (record.Deleted ? 0 : 1) - (old is null or { Deleted: true } ? 0 : 1);
    }

    private IEnumerable<UserRecord> Visible() => Enumerable.Range(0, UserKey.Buckets)
        .SelectMany(index => Bucket(index).Records)
        .Where(user => !user.Deleted && !IsFixed(user.Name))
        .Concat(_fixed.Values);
}
