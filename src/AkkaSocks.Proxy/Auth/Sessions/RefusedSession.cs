using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>A session that was refused, as nodes and operators are told of it.</summary>
internal sealed record RefusedSession
{
    /// <summary>Unique in the cluster.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The node that refused it.</summary>
    public required string Node { get; init; }

    /// <summary>When: milliseconds since 1970, by that node's clock.</summary>
    public required long At { get; init; }

    /// <summary>The listener it came through.</summary>
    public required string Listener { get; init; }

    /// <summary>What the client speaks; null before its first byte.</summary>
    public required string? Protocol { get; init; }

    /// <summary>The name that was claimed; null without.</summary>
    public required UserName? User { get; init; }

    /// <summary>Where the client connects from.</summary>
    public required IPEndPoint Client { get; init; }

    /// <summary>What was asked for; null before the request.</summary>
    public required Command? Command { get; init; }

    /// <summary>Where to, as the client said it; null before the request.</summary>
    public required string? Destination { get; init; }

    /// <summary>The label of the <see cref="Refusal"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>What is to be told of a session.</summary>
    /// <param name="record">It; it was refused.</param>
    /// <param name="node">The name of its node.</param>
    /// <param name="now">The time, in the terms of <see cref="SessionRecord.StartedAt"/>.</param>
    public static RefusedSession Of(SessionRecord record, string node, long now) => new()
    {
        Id = record.Id,
        Node = node,
        At = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (now - record.EndedAt),
        Listener = record.Listener,
        Protocol = record.Protocol?.ToLabel(),
        User = record.User,
        Client = record.Client,
        Command = record.Command,
        Destination = record.RequestedAt == 0 ? null : record.Destination?.ToString(),
        Reason = record.Refusal.ToLabel(),
    };
}

/// <summary>Which refused sessions: those that fit all that is given.</summary>
/// <param name="Id">The one of this id.</param>
/// <param name="Reason">Those refused for this, a label of <see cref="Refusal"/>.</param>
/// <param name="User">Those that claimed this name.</param>
internal readonly record struct RefusalFilter(SessionId? Id, string? Reason, UserName? User)
{
    /// <summary>Whether it fits.</summary>
    public bool Passes(SessionRecord record) =>
        (Id is not { } id || record.Id == id)
        && (Reason is not { } reason || record.Refusal.ToLabel() == reason)
        && (User is not { } user || record.User == user);
}
