using System.Collections.Concurrent;
using System.Collections.Immutable;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Stand-in.</summary>
internal sealed class UserDirectory(IEnumerable<UserRecord> fixedUsers)
{
    private readonly ImmutableDictionary<UserName, UserRecord> _fixed = fixedUsers.ToImmutableDictionary(user => user.Name);
    private readonly ConcurrentDictionary<UserName, UserRecord> _users = new(fixedUsers.ToDictionary(user => user.Name));

    /// <summary>Stand-in.</summary>
    public int Count => _users.Values.Count(user => !user.Deleted);

    /// <summary>Stand-in.</summary>
    public bool IsFixed(UserName name) => _fixed.ContainsKey(name);

    /// <summary>By the bytes of their names.</summary>
    public ImmutableArray<UserRecord> Page(UserName? after, int count) =>
    [
        .. _users.Values.Where(user => !user.Deleted && (after is not { } last || user.Name.Bytes.SequenceCompareTo(last.Bytes) > 0))
            .OrderBy(user => user.Name, Comparer<UserName>.Create((a, b) => a.Bytes.SequenceCompareTo(b.Bytes))).Take(count),
    ];

    /// <summary>Null for unknown or tombstone.</summary>
    public UserRecord? Find(UserName name) => _users.TryGetValue(name, out var user) && !user.Deleted ? user : null;

    /// <summary>Takes in records.</summary>
    public ImmutableArray<UserRecord> Merge(IEnumerable<UserRecord> records)
    {
        foreach (var record in records)
            _users[record.Name] = record;
        return [];
    }
}
