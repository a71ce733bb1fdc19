using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth;

/// <summary>What an <see cref="AuthRegistry"/> is given.</summary>
internal sealed record RegistryWiring
{
    /// <summary>The settings it lives by.</summary>
    public required ProxySettings Settings { get; init; }

    /// <summary>What sessions ask before they ask the registry.</summary>
    public required Authenticator Authenticator { get; init; }

    /// <summary>All users.</summary>
    public required UserDirectory Users { get; init; }

    /// <summary>Where this node's sessions are counted by user.</summary>
    public required OwnSessions OwnSessions { get; init; }

    /// <summary>This node's sessions.</summary>
    public required LiveSessions LiveSessions { get; init; }

    /// <summary>Stops accepting: the node drains.</summary>
    public required Action StopListening { get; init; }

    /// <summary>Called once when the node has drained and is to stop.</summary>
    public required Action OnDrained { get; init; }
}
