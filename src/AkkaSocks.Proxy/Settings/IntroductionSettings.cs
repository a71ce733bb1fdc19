using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary>One entry of <c>egress.proxy-protocol</c>.</summary>
/// <param name="To">Where to.</param>
/// <param name="Version">Of the header: 1 or 2.</param>
internal sealed record IntroductionSettings(ImmutableArray<DestinationNetwork> To, int Version);

/// <summary>Addresses and a port.</summary>
/// <param name="Network">The addresses.</param>
/// <param name="Port">Null for every port.</param>
internal readonly record struct DestinationNetwork(IPNetwork Network, int? Port);
