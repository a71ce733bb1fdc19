using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>Which sessions to end: one of these three.</summary>
internal sealed record SessionSelection
{
    /// <summary>One session.</summary>
    public SessionId? Id { get; init; }

    /// <summary>All that were let in as a user.</summary>
    public UserName? User { get; init; }

    /// <summary>All from an address.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>Whether a session is one of them.</summary>
    public bool Contains(LiveSession session) =>
        Id is { } id ? session.Id == id
        : User is { } user ? session.AdmittedAs?.Name == user
        : Client is { } client && session.Record.Client.Address.Equals(client);
}
