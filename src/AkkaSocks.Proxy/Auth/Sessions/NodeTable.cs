using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>The sessions of one node by user, with their running hash. Counts of 0 are not held.</summary>
internal sealed class NodeTable
{
    private readonly Dictionary<UserName, int> _counts = [];

    /// <summary>The number of the last change contained.</summary>
    public long Sequence { get; set; }

    /// <summary>False until all of that node is known: an empty table may just be an unheard one.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Over all entries, in no order: what is put in and taken out again leaves it as it was.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Users with a session.</summary>
    public int Users => _counts.Count;

    /// <summary>The entries, in no order.</summary>
    public IEnumerable<LedgerEntry> Entries => _counts.Select(entry => new LedgerEntry(entry.Key, entry.Value));

    /// <summary>Sessions of a user.</summary>
    public int this[UserName user] => _counts.GetValueOrDefault(user);

    /// <summary>Sets a count.</summary>
    /// <returns>The count it had.</returns>
    public int Set(UserName user, int sessions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sessions);
        var before = this[user];
        if (before == sessions)
            return before;
        if (before > 0)
            Hash ^= HashOf(user, before);
        if (sessions > 0)
        {
            Hash ^= HashOf(user, sessions);
            _counts[user] = sessions;
        }
        else
        {
            _counts.Remove(user);
        }

        return before;
    }

    private static ulong HashOf(UserName user, int sessions) =>
        StableHash.Mix(StableHash.Of(user.Bytes) + ((ulong)sessions * 0x9E3779B97F4A7C15));
}
