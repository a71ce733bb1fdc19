using System.Collections.Immutable;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>How many sessions a user has on one node: absolute, so that hearing it twice changes nothing.</summary>
internal readonly record struct LedgerEntry(UserName User, int Sessions);

/// <summary>What changed on one node, as counts that hold after the change <paramref name="Last"/>.</summary>
/// <param name="Node">Whose sessions.</param>
/// <param name="First">The number of the first change contained; a receiver that knows less than the one before has a gap.</param>
/// <param name="Last">The number of the last change contained.</param>
/// <param name="Entries">The users whose counts changed; 0 is none left.</param>
/// <param name="SettledGrants">Grants of the receiver up to this number are in these counts, or will never be.</param>
internal sealed record LedgerDelta(
    NodeIncarnation Node, long First, long Last, ImmutableArray<LedgerEntry> Entries, long SettledGrants) : IClusterMessage;

/// <summary>Everything of one node, in parts that each fit into a frame.</summary>
/// <param name="Node">Whose sessions.</param>
/// <param name="Sequence">The number of the last change contained.</param>
/// <param name="Part">Which part, from 0.</param>
/// <param name="Parts">How many there are: one at least.</param>
/// <param name="Entries">The users of this part.</param>
/// <param name="SettledGrants">As in <see cref="LedgerDelta"/>.</param>
internal sealed record LedgerSnapshot(
    NodeIncarnation Node, long Sequence, int Part, int Parts, ImmutableArray<LedgerEntry> Entries, long SettledGrants)
    : IClusterMessage;

/// <summary>What a node's counts amount to, for others to compare what they know of it.</summary>
/// <param name="Node">Whose sessions.</param>
/// <param name="Sequence">The number of its last change.</param>
/// <param name="Users">Users with a session.</param>
/// <param name="Hash">Over all users and counts, in no order.</param>
internal sealed record LedgerDigest(NodeIncarnation Node, long Sequence, int Users, ulong Hash) : IClusterMessage;

/// <summary>Asks a node for a <see cref="LedgerSnapshot"/> of itself.</summary>
/// <param name="Receiver">Who wants it.</param>
internal sealed record LedgerSnapshotRequest(NodeIncarnation Receiver) : IClusterMessage;
