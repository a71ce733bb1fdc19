using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of <see cref="AcquireSession"/> and <see cref="SessionDecision"/>.</summary>
internal static class AdmissionWire
{
    /// <summary>The frame of a message.</summary>
    public static AcquireSessionFrame Write(AcquireSession message) => new()
    {
        Lease = message.Lease,
        User = NodeWire.Write(message.User),
        UserRevision = message.UserRevision,
        MaxSessions = message.MaxSessions,
        Origin = NodeWire.Write(message.Origin),
        Skipped = { message.Skipped.Select(NodeWire.Write) },
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static AcquireSession Read(AcquireSessionFrame frame) => new(
        frame.Lease,
        NodeWire.Read(frame.User),
        frame.UserRevision,
        frame.MaxSessions,
        NodeWire.Read(frame.Origin),
        [.. frame.Skipped.Select(NodeWire.Read)]);

    /// <inheritdoc cref="Write(AcquireSession)"/>
    public static SessionDecisionFrame Write(SessionDecision message) => new()
    {
        Lease = message.Lease,
        Outcome = (int)message.Outcome,
        Grant = message.Grant,
        Owner = NodeWire.Write(message.Owner),
        Elsewhere = message.Elsewhere is { } elsewhere ? NodeWire.Write(elsewhere) : null,
    };

    /// <inheritdoc cref="Read(AcquireSessionFrame)"/>
    public static SessionDecision Read(SessionDecisionFrame frame) => new(
        frame.Lease,
        Enum.IsDefined((AdmissionOutcome)frame.Outcome) ? (AdmissionOutcome)frame.Outcome : throw NodeWire.Impossible("no such outcome"),
        frame.Grant,
        NodeWire.Read(frame.Owner),
        frame.Elsewhere is { } elsewhere ? NodeWire.Read(elsewhere) : null);
}
