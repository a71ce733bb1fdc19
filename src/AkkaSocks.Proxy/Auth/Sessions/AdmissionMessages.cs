using System.Collections.Immutable;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>Asks the owner of a user for a place for one session.</summary>
/// <param name="Lease">The asker's number of the lease: asking again for it takes no second place.</param>
/// <param name="User">Whose session.</param>
/// <param name="UserRevision">Of the user's record that the asker knows.</param>
/// <param name="MaxSessions">Its limit.</param>
/// <param name="Origin">Who asks.</param>
/// <param name="Skipped">Nodes that the asker could not reach: one that stands in for them need not wait until it knows that too.</param>
internal sealed record AcquireSession(
    long Lease,
    UserName User,
    long UserRevision,
    int MaxSessions,
    NodeIncarnation Origin,
    ImmutableArray<NodeIncarnation> Skipped) : IClusterMessage;

/// <summary>The answer to <see cref="AcquireSession"/>.</summary>
/// <param name="Lease">The asker's number.</param>
/// <param name="Outcome">The decision.</param>
/// <param name="Grant">The grant's number when granted, else 0.</param>
/// <param name="Owner">Who decided.</param>
/// <param name="Elsewhere">Who should be asked instead, when <see cref="AdmissionOutcome.NotOwner"/>; null when the decider cannot tell.</param>
internal sealed record SessionDecision(
    long Lease, AdmissionOutcome Outcome, long Grant, NodeIncarnation Owner, NodeIncarnation? Elsewhere) : IClusterMessage;

/// <summary>What can become of <see cref="AcquireSession"/>. The numbers go over the wire.</summary>
internal enum AdmissionOutcome : byte
{
    /// <summary>There is a place.</summary>
    Granted = 1,

    /// <summary>The user has as many sessions as it may have.</summary>
    LimitReached = 2,

    /// <summary>The one asked does not decide about this user, or not yet.</summary>
    NotOwner = 3,

    /// <summary>The user was removed or disabled.</summary>
    Revoked = 4,
}
