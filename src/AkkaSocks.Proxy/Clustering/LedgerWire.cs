using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of the ledger's messages.</summary>
internal static class LedgerWire
{
    // Far more than a node has users; a frame that says more would have memory set aside for nothing.
    private const int MostParts = 100_000;

    /// <summary>The frame of a message.</summary>
    public static LedgerDeltaFrame Write(LedgerDelta message) => new()
    {
        Node = NodeWire.Write(message.Node),
        First = message.First,
        Last = message.Last,
        Entries = { message.Entries.Select(Write) },
        SettledGrants = message.SettledGrants,
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static LedgerDelta Read(LedgerDeltaFrame frame) => new(
        NodeWire.Read(frame.Node), frame.First, frame.Last, [.. frame.Entries.Select(Read)], frame.SettledGrants);

    /// <inheritdoc cref="Write(LedgerDelta)"/>
    public static LedgerSnapshotFrame Write(LedgerSnapshot message) => new()
    {
        Node = NodeWire.Write(message.Node),
        Sequence = message.Sequence,
        Part = message.Part,
        Parts = message.Parts,
        Entries = { message.Entries.Select(Write) },
        SettledGrants = message.SettledGrants,
    };

    /// <inheritdoc cref="Read(LedgerDeltaFrame)"/>
    public static LedgerSnapshot Read(LedgerSnapshotFrame frame) =>
        frame.Parts is < 1 or > MostParts || frame.Part < 0 || frame.Part >= frame.Parts
            ? throw NodeWire.Impossible($"part {frame.Part} of {frame.Parts}")
            : new LedgerSnapshot(
                NodeWire.Read(frame.Node), frame.Sequence, frame.Part, frame.Parts, [.. frame.Entries.Select(Read)], frame.SettledGrants);

    /// <inheritdoc cref="Write(LedgerDelta)"/>
    public static LedgerDigestFrame Write(LedgerDigest message) => new()
    {
        Node = NodeWire.Write(message.Node), Sequence = message.Sequence, Users = message.Users, Hash = message.Hash,
    };

    /// <inheritdoc cref="Read(LedgerDeltaFrame)"/>
    public static LedgerDigest Read(LedgerDigestFrame frame) =>
        new(NodeWire.Read(frame.Node), frame.Sequence, frame.Users, frame.Hash);

    /// <inheritdoc cref="Write(LedgerDelta)"/>
    public static LedgerSnapshotRequestFrame Write(LedgerSnapshotRequest message) => new() { Receiver = NodeWire.Write(message.Receiver) };

    /// <inheritdoc cref="Read(LedgerDeltaFrame)"/>
    public static LedgerSnapshotRequest Read(LedgerSnapshotRequestFrame frame) => new(NodeWire.Read(frame.Receiver));

    private static LedgerEntryFrame Write(LedgerEntry entry) => new() { User = NodeWire.Write(entry.User), Sessions = entry.Sessions };

    private static LedgerEntry Read(LedgerEntryFrame frame) => frame.Sessions < 0
        ? throw NodeWire.Impossible("fewer sessions than none")
        : new LedgerEntry(NodeWire.Read(frame.User), frame.Sessions);
}
