using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>admin</c>: the node's HTTP interface for its operator.</summary>
internal sealed record AdminSettings
{
    /// <summary><c>admin.endpoint</c>: where it listens, on loopback; null when there is none.</summary>
    public required IPEndPoint? Endpoint { get; init; }

    /// <summary><c>admin.token</c>, or what <c>admin.token-file</c> holds: opens everything; null without one.</summary>
    public required AdminToken? Token { get; init; }

    /// <summary><c>admin.read-token</c>: opens what changes nothing; null without one. Without either token nothing but the node's
    /// health is to be had.</summary>
    public required AdminToken? ReadToken { get; init; }
}
