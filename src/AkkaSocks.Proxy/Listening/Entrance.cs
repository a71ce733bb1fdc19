using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Proxy.Sessions;

namespace AkkaSocks.Proxy.Listening;

/// <summary>What stands behind a listening socket: swapped as a whole, so that a session has one configuration and not parts of two.
/// </summary>
/// <param name="Listener">The listener's name.</param>
/// <param name="Proxies">Who may say there who the client is.</param>
/// <param name="Lanes">By lane, the parent of its sessions and what they are given.</param>
internal sealed record Entrance(
    string Listener, TrustedProxies Proxies, ImmutableArray<(IActorRef Parent, SessionWiring Wiring)> Lanes);
