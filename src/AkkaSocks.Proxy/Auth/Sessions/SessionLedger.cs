using System.Collections.Immutable;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// How many sessions each user has on each node: <c>ledger[node incarnation][user] = absolute count</c>. Every node holds all of
/// it, so any of them can decide about a user at once. Pure: it is told what arrives and gives what is to be sent.
/// </summary>
/// <remarks>
/// <code>
/// own counts change ─► TakeDelta ─► the others: Receive(delta)
///                                      │ it begins where the known ends: applied
///                                      │ known already: nothing
///                                      └ a gap, or a digest that differs ─► LedgerSnapshotRequest ─► TakeSnapshot ─► Receive
/// </code>
/// Counts are absolute and changes are numbered, so repeats and reordering are harmless, and a loss is found out by the next
/// delta or digest. What a node says of itself is one state per number: its counts and the grants it has settled change together.
/// </remarks>
internal sealed class SessionLedger(NodeIncarnation self)
{
    // 255 bytes of name at most: a part stays within 64 KiB, half of what a frame holds, and is some 30 KiB with usual names.
    private const int EntriesPerPart = 1024;
    private const int BytesPerPart = 60_000;
    private const int BytesPerEntry = 12;

    private readonly Dictionary<NodeIncarnation, NodeTable> _tables = new() { [self] = new NodeTable { IsComplete = true } };
    private readonly Dictionary<NodeIncarnation, SnapshotAssembly> _assemblies = [];
    private readonly Dictionary<NodeIncarnation, long> _settled = [];
    private readonly Dictionary<UserName, int> _totals = [];
    private readonly HashSet<UserName> _changed = [];
    private readonly ProvisionalGrants _grants = new();
    private long _told;

    /// <summary>This node.</summary>
    public NodeIncarnation Self => self;

    /// <summary>Something has changed since the last <see cref="TakeDelta"/>.</summary>
    public bool HasChanges => Own.Sequence > _told;

    /// <summary>Sessions granted to other nodes that these have not counted yet.</summary>
    public int GrantsHeld => _grants.Held;

    private NodeTable Own => _tables[self];

    /// <summary>Sessions of a user on all nodes.</summary>
    public int TotalOf(UserName user) => _totals.GetValueOrDefault(user);

    /// <summary>The users with most sessions on all nodes, most first. Looks at all that have any.</summary>
    public ImmutableArray<LedgerEntry> Busiest(int count) =>
    [
        .. _totals.Select(total => new LedgerEntry(total.Key, total.Value))
            .OrderByDescending(entry => entry.Sessions)
            .ThenBy(entry => entry.User, Users.UserNameOrder.Ascending)
            .Take(count),
    ];

    /// <summary>Sessions of a user on one node.</summary>
    public int CountOf(NodeIncarnation node, UserName user) => _tables.TryGetValue(node, out var table) ? table[user] : 0;

    /// <summary>Whether all of a node's sessions are known.</summary>
    public bool Knows(NodeIncarnation node) => _tables.TryGetValue(node, out var table) && table.IsComplete;

    /// <summary>A node is a member: what it says counts from now on.</summary>
    public void Join(NodeIncarnation node) => _tables.TryAdd(node, new NodeTable());

    /// <summary>A node is no member any more: its sessions are over, and so are the places held for it.</summary>
    public void Drop(NodeIncarnation node)
    {
        if (node == self || !_tables.Remove(node, out var table))
            return;
        foreach (var entry in table.Entries)
            AddToTotal(entry.User, -entry.Sessions);
        _assemblies.Remove(node);
        _settled.Remove(node);
        _grants.Drop(node);
    }

    /// <summary>Sets this node's own count of a user.</summary>
    public void SetOwn(UserName user, int sessions)
    {
        if (Set(Own, user, sessions) == sessions)
            return;
        Own.Sequence++;
        _changed.Add(user);
    }

    /// <summary>Whether a user may have one more session. The same at the owner, and on a node that must decide alone.</summary>
    public bool TryAdmit(UserName user, int limit) => TotalOf(user) + _grants[user] < limit;

    /// <summary>Grants a session to another node, where the limit leaves a place. Asking again for a lease takes no second place.</summary>
    /// <param name="node">Who asks.</param>
    /// <param name="lease">That node's number of the lease.</param>
    /// <param name="user">Whose session.</param>
    /// <param name="limit">Sessions the user may have.</param>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    /// <returns>The grant's number, which is positive, or 0: no place is left.</returns>
    public long TryGrant(NodeIncarnation node, long lease, UserName user, int limit, long now) =>
        _grants.Holds(node, lease) || TryAdmit(user, limit) ? _grants.Give(node, lease, user, now) : 0;

    /// <summary>Forgets grants given before a time whose node has not settled them.</summary>
    public void ExpireGrants(long before) => _grants.Expire(before);

    /// <summary>
    /// An owner's grant has arrived. Whether or not its session is then counted, the owner learns by the next delta that it
    /// need not hold the place any more.
    /// </summary>
    /// <returns>False when a later grant of that owner was settled before this one: it is void, and must be asked for again.</returns>
    public bool Settle(NodeIncarnation owner, long grant)
    {
        if (grant <= _settled.GetValueOrDefault(owner))
            return false;
        if (_tables.ContainsKey(owner))
        {
            _settled[owner] = grant;
            Own.Sequence++;
        }

        return true;
    }

    /// <summary>The highest settled grant of an owner: for the delta or snapshot that goes to it.</summary>
    public long SettledGrantsOf(NodeIncarnation owner) => _settled.GetValueOrDefault(owner);

    /// <summary>Takes the changes since the last call; its settled grants are to be filled in for each receiver.</summary>
    public LedgerDelta? TakeDelta()
    {
        if (!HasChanges)
            return null;
        var delta = new LedgerDelta(
            self, _told + 1, Own.Sequence, [.. _changed.Select(user => new LedgerEntry(user, Own[user]))], SettledGrants: 0);
        _changed.Clear();
        _told = Own.Sequence;
        return delta;
    }

    /// <summary>Everything of this node, for one receiver.</summary>
    public IEnumerable<LedgerSnapshot> SnapshotFor(NodeIncarnation receiver)
    {
        var parts = Parts(Own.Entries);
        var settled = SettledGrantsOf(receiver);
        return parts.Select((entries, part) => new LedgerSnapshot(self, Own.Sequence, part, parts.Count, entries, settled));
    }

    /// <summary>What this node amounts to.</summary>
    public LedgerDigest Digest() => new(self, Own.Sequence, Own.Users, Own.Hash);

    /// <summary>Takes in another node's changes.</summary>
    /// <returns>False when it does not fit on what is known: ask that node for a snapshot.</returns>
    public bool Receive(LedgerDelta delta)
    {
        if (Other(delta.Node) is not { } table || delta.Last <= table.Sequence)
            return true;
        if (delta.First > table.Sequence + 1)
            return false;
        foreach (var entry in delta.Entries)
            Set(table, entry.User, entry.Sessions);
        Reach(delta.Node, table, delta.Last, delta.SettledGrants);
        return true;
    }

    /// <summary>Takes in a part of another node's snapshot; the last part to arrive makes it count.</summary>
    public void Receive(LedgerSnapshot part)
    {
        if (Other(part.Node) is not { } table || part.Sequence < table.Sequence)
            return;
        if (!_assemblies.TryGetValue(part.Node, out var assembly) || assembly.IsOlderThan(part))
            _assemblies[part.Node] = assembly = new SnapshotAssembly(part);
        if (!assembly.Add(part))
            return;

        _assemblies.Remove(part.Node);
        var entries = assembly.Entries.ToDictionary(entry => entry.User, entry => entry.Sessions);
        foreach (var entry in table.Entries.Where(entry => !entries.ContainsKey(entry.User)).ToList())
            Set(table, entry.User, 0);
        foreach (var (user, sessions) in entries)
            Set(table, user, sessions);
        Reach(part.Node, table, part.Sequence, part.SettledGrants);
    }

    /// <summary>Compares what is known of another node with what it says.</summary>
    /// <returns>False when they differ: ask that node for a snapshot.</returns>
    public bool Receive(LedgerDigest digest)
    {
        if (Other(digest.Node) is not { } table || digest.Sequence < table.Sequence)
            return true;
        if (digest.Sequence > table.Sequence || digest.Users != table.Users || digest.Hash != table.Hash)
            return false;
        table.IsComplete = true;
        return true;
    }

    private NodeTable? Other(NodeIncarnation node) => node == self ? null : _tables.GetValueOrDefault(node);

    private void Reach(NodeIncarnation node, NodeTable table, long sequence, long settledGrants)
    {
        table.Sequence = sequence;
        table.IsComplete = true;
        _grants.Settle(node, settledGrants);
    }

    private int Set(NodeTable table, UserName user, int sessions)
    {
        var before = table.Set(user, sessions);
        if (before != sessions)
            AddToTotal(user, sessions - before);
        return before;
    }

    private void AddToTotal(UserName user, int difference)
    {
        var total = TotalOf(user) + difference;
        if (total > 0)
            _totals[user] = total;
        else
            _totals.Remove(user);
    }

    private static List<ImmutableArray<LedgerEntry>> Parts(IEnumerable<LedgerEntry> entries)
    {
        var parts = new List<ImmutableArray<LedgerEntry>>();
        var part = ImmutableArray.CreateBuilder<LedgerEntry>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            var size = entry.User.Bytes.Length + BytesPerEntry;
            if (part.Count == EntriesPerPart || bytes + size > BytesPerPart)
            {
                parts.Add(part.DrainToImmutable());
                bytes = 0;
            }

            part.Add(entry);
            bytes += size;
        }

        parts.Add(part.DrainToImmutable());
        return parts;
    }
}
