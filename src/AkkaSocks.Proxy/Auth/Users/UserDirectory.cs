using System.Collections.Concurrent;
using System.Collections.Immutable;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Stand-in until the users branch is merged.</summary>
internal sealed class UserDirectory(IEnumerable<UserRecord> fixedUsers)
{
    private readonly ConcurrentDictionary<UserName, UserRecord> _users = new(fixedUsers.ToDictionary(user => user.Name));

    /// <summary>After the change is visible.</summary>
    public event Action<UserRecord>? Changed;

    /// <summary>Null for unknown or tombstone.</summary>
    public UserRecord? Find(UserName name) => _users.TryGetValue(name, out var user) && !user.Deleted ? user : null;

    /// <summary>Takes in records.</summary>
    public ImmutableArray<UserRecord> Merge(IEnumerable<UserRecord> records)
    {
        foreach (var record in records)
        {
            _users[record.Name] = record;
            Changed?.Invoke(record);
        }

        return [];
    }
}
