using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>Bans and liftings: what has just changed, or a part of all. Hearing one twice changes nothing.</summary>
/// <param name="Node">Who says so.</param>
/// <param name="Bans">They.</param>
internal sealed record BansChanged(NodeIncarnation Node, ImmutableArray<BanNotice> Bans) : IClusterMessage;

/// <summary>What a node's bans amount to, for others to compare with theirs.</summary>
/// <param name="Node">Whose.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Hash">Over all, in no order.</param>
internal sealed record BanDigest(NodeIncarnation Node, int Count, ulong Hash) : IClusterMessage;

/// <summary>Asks a node for all its bans.</summary>
/// <param name="Receiver">Who wants them.</param>
internal sealed record BanRequest(NodeIncarnation Receiver) : IClusterMessage;

/// <summary>Logins that have failed on a node.</summary>
/// <param name="Node">Which.</param>
/// <param name="First">The number of the first of them among all that have failed there: none is counted twice.</param>
/// <param name="Failures">They.</param>
internal sealed record LoginsFailed(NodeIncarnation Node, long First, ImmutableArray<LoginOrigin> Failures) : IClusterMessage;

/// <summary>Addresses that users have logged in from.</summary>
/// <param name="Node">Who says so.</param>
/// <param name="Known">They.</param>
internal sealed record AddressesKnown(NodeIncarnation Node, ImmutableArray<KnownAddress> Known) : IClusterMessage;

/// <summary>An address that a user has logged in from.</summary>
/// <param name="Origin">Who, from where.</param>
/// <param name="Remaining">How long it is still known; as with <see cref="BanNotice"/> no time of any clock.</param>
internal readonly record struct KnownAddress(LoginOrigin Origin, TimeSpan Remaining);
