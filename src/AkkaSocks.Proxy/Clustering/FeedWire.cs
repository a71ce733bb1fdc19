using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what feeds tell each other.</summary>
internal static class FeedWire
{
    private const FeedKind LastOfSessions = FeedKind.SessionRefused;

    /// <summary>The frame of a message.</summary>
    public static WatchNodeFrame Write(WatchNode message) => new() { Asker = NodeWire.Write(message.Asker) };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static WatchNode Read(WatchNodeFrame frame) => new(NodeWire.Read(frame.Asker));

    /// <inheritdoc cref="Write(WatchNode)"/>
    public static NodeEventsFrame Write(NodeEvents message) => new()
    {
        Node = NodeWire.Write(message.Node),
        Name = message.Name,
        Lost = message.Lost,
        Events = { message.Events.Select(Write) },
    };

    /// <inheritdoc cref="Read(WatchNodeFrame)"/>
    public static NodeEvents Read(NodeEventsFrame frame) => frame.Lost < 0
        ? throw NodeWire.Impossible("fewer than none were lost")
        : new(NodeWire.Read(frame.Node), frame.Name, frame.Lost, [.. frame.Events.Select(Read)]);

    // Of all else every node hears by itself.
    private static FeedEventFrame Write(FeedEvent happened)
    {
        var frame = new FeedEventFrame
        {
            Kind = (int)happened.Kind,
            At = happened.At,
            Session = happened.Session!.Value.Value,
            Listener = happened.Listener,
            Client = NodeWire.Write(happened.Client!.Address),
            ClientPort = happened.Client.Port,
            Up = happened.Up,
            Down = happened.Down,
            DurationMs = (long)happened.Duration.TotalMilliseconds,
        };
        if (happened.Protocol is { } protocol)
            frame.Protocol = protocol;
        if (happened.User is { } user)
            frame.User = NodeWire.Write(user);
        if (happened.Destination is { } destination)
            frame.Destination = destination;
        if (happened.End is { } end)
            frame.End = end;
        if (happened.Reason is { } reason)
            frame.Reason = reason;
        return frame;
    }

    private static FeedEvent Read(FeedEventFrame frame) => frame.Kind is < 0 or > (int)LastOfSessions
        ? throw NodeWire.Impossible("no such event of a session")
        : new FeedEvent((FeedKind)frame.Kind, frame.At)
        {
            Session = new SessionId(frame.Session),
            Listener = frame.Listener,
            Protocol = frame.HasProtocol ? frame.Protocol : null,
            User = frame.HasUser ? NodeWire.Read(frame.User) : null,
            Client = NodeWire.ReadEndpoint(frame.Client, frame.ClientPort),
            Destination = frame.HasDestination ? frame.Destination : null,
            End = frame.HasEnd ? frame.End : null,
            Reason = frame.HasReason ? frame.Reason : null,
            Up = frame.Up,
            Down = frame.Down,
            Duration = TimeSpan.FromMilliseconds(frame.DurationMs),
        };
}
