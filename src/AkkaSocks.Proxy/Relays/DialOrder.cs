using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>What a session's relay needs to connect to destinations by itself.</summary>
/// <param name="Lane">Where the client's connection lives, and the destinations' will.</param>
/// <param name="Record">The session's.</param>
/// <param name="Dialer">How destinations are reached.</param>
/// <param name="Settings">For the timeouts.</param>
internal sealed record DialOrder(Lane Lane, SessionRecord Record, Dialer Dialer, ProxySettings Settings);
