using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>A session as it was a moment ago.</summary>
internal sealed record SessionView
{
    /// <summary>Unique in the cluster.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The node that has it.</summary>
    public required string Node { get; init; }

    /// <summary>The listener it came through.</summary>
    public required string Listener { get; init; }

    /// <summary>What the client speaks; null before its first byte.</summary>
    public required string? Protocol { get; init; }

    /// <summary>How far it has come.</summary>
    public required SessionStage Stage { get; init; }

    /// <summary>Whom it was let in as; null without authentication, or before.</summary>
    public required UserName? User { get; init; }

    /// <summary>Where the client connects from.</summary>
    public required IPEndPoint Client { get; init; }

    /// <summary>Where to, as the client said it; null before its request.</summary>
    public required string? Destination { get; init; }

    /// <summary>The address that is used; null before there is a tunnel.</summary>
    public required IPEndPoint? Address { get; init; }

    /// <summary>Bytes from the client to the destination.</summary>
    public required long Up { get; init; }

    /// <summary>Bytes from the destination to the client.</summary>
    public required long Down { get; init; }

    /// <summary>When it was accepted: milliseconds since 1970.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Since it was accepted.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>What is to be seen of a session now.</summary>
    /// <param name="session">The session.</param>
    /// <param name="node">The name of its node.</param>
    /// <param name="now">The time, in the terms of <see cref="SessionRecord.StartedAt"/>.</param>
    public static SessionView Of(LiveSession session, string node, long now)
    {
        var (up, down) = session.Bytes;
        var stage = session.Stage;
        return new SessionView
        {
            Id = session.Id,
            Node = node,
            Listener = session.Record.Listener,
            Protocol = session.Protocol,
            Stage = stage,
            User = session.AdmittedAs?.Name,
            Client = session.Record.Client,
            Destination = session.Destination,
            Address = stage == SessionStage.Relaying ? session.Record.Address : null,
            Up = up,
            Down = down,
            StartedAt = session.StartedAt,
            Age = TimeSpan.FromMilliseconds(now - session.Record.StartedAt),
        };
    }
}

/// <summary>How far a session has come. The numbers stand on the wire.</summary>
internal enum SessionStage
{
    /// <summary>Its request is not there yet.</summary>
    Handshake = 0,

    /// <summary>The destination is looked up and connected to.</summary>
    Connecting = 1,

    /// <summary>It carries bytes.</summary>
    Relaying = 2,
}
