using System.Net;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes ask each other for operators.</summary>
internal static class OperatorWire
{
    private const int MostSessions = 10_000;

    /// <summary>The frame of a message.</summary>
    public static NodeReportFrame Write(NodeReport message) => new()
    {
        Node = NodeWire.Write(message.Node), Name = message.Name, IsDraining = message.IsDraining, Sessions = message.Sessions,
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static NodeReport Read(NodeReportFrame frame) => new(NodeWire.Read(frame.Node), frame.Name, frame.IsDraining, frame.Sessions);

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static FindSessionsFrame Write(FindSessions message)
    {
        var frame = new FindSessionsFrame { Number = message.Number, Asker = NodeWire.Write(message.Asker), Count = message.Count };
        if (message.Filter.User is { } user)
            frame.User = NodeWire.Write(user);
        if (message.Filter.Client is { } client)
            frame.Client = ByteString.CopyFrom(client.GetAddressBytes());
        if (message.Filter.Node is { } node)
            frame.Node = node;
        if (message.After is { } after)
            frame.After = after.Value;
        return frame;
    }

    /// <inheritdoc cref="Read(NodeReportFrame)"/>
    public static FindSessions Read(FindSessionsFrame frame) => frame.Count is < 1 or > MostSessions
        ? throw NodeWire.Impossible($"a page of {frame.Count} sessions")
        : new FindSessions(
            frame.Number,
            NodeWire.Read(frame.Asker),
            new AuthRegistry.SessionFilter(
                frame.HasUser ? NodeWire.Read(frame.User) : null,
                frame.HasClient ? ReadAddress(frame.Client) : null,
                frame.HasNode ? frame.Node : null),
            frame.HasAfter ? new SessionId(frame.After) : null,
            frame.Count);

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static SessionsFoundFrame Write(SessionsFound message) => new()
    {
        Number = message.Number,
        Node = NodeWire.Write(message.Node),
        Sessions = { message.Page.Items.Select(Write) },
        HasMore = message.Page.HasMore,
    };

    /// <inheritdoc cref="Read(NodeReportFrame)"/>
    public static SessionsFound Read(SessionsFoundFrame frame) => frame.HasMore && frame.Sessions.Count == 0
        ? throw NodeWire.Impossible("more behind an empty page")
        : new SessionsFound(
            frame.Number, NodeWire.Read(frame.Node), new AuthRegistry.SessionPage([.. frame.Sessions.Select(Read)], frame.HasMore));

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static EndSessionsFrame Write(EndSessions message)
    {
        var frame = new EndSessionsFrame { Number = message.Number, Asker = NodeWire.Write(message.Asker), Reason = (int)message.Reason };
        if (message.Which.Id is { } session)
            frame.Session = session.Value;
        if (message.Which.User is { } user)
            frame.User = NodeWire.Write(user);
        if (message.Which.Client is { } client)
            frame.Client = ByteString.CopyFrom(client.GetAddressBytes());
        return frame;
    }

    /// <inheritdoc cref="Read(NodeReportFrame)"/>
    public static EndSessions Read(EndSessionsFrame frame)
    {
        if (!Enum.IsDefined((TerminationReason)frame.Reason))
            throw NodeWire.Impossible("no such reason");
        var which = new SessionSelection
        {
            Id = frame.HasSession ? new SessionId(frame.Session) : null,
            User = frame.HasUser ? NodeWire.Read(frame.User) : null,
            Client = frame.HasClient ? ReadAddress(frame.Client) : null,
        };
        return new EndSessions(frame.Number, NodeWire.Read(frame.Asker), which, (TerminationReason)frame.Reason);
    }

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static SessionsEndedFrame Write(SessionsEnded message) => new()
    {
        Number = message.Number, Node = NodeWire.Write(message.Node), Count = message.Count,
    };

    /// <inheritdoc cref="Read(NodeReportFrame)"/>
    public static SessionsEnded Read(SessionsEndedFrame frame) => new(frame.Number, NodeWire.Read(frame.Node), frame.Count);

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static DrainNodeFrame Write(DrainNode message) => new() { Asker = NodeWire.Write(message.Asker) };

    /// <inheritdoc cref="Read(NodeReportFrame)"/>
    public static DrainNode Read(DrainNodeFrame frame) => new(NodeWire.Read(frame.Asker));

    private static SessionFrame Write(AuthRegistry.SessionView session)
    {
        var frame = new SessionFrame
        {
            Id = session.Id.Value,
            Node = session.Node,
            Client = ByteString.CopyFrom(session.Client.Address.GetAddressBytes()),
            ClientPort = session.Client.Port,
            Up = session.Up,
            Down = session.Down,
            AgeMs = (long)session.Age.TotalMilliseconds,
        };
        if (session.User is { } user)
            frame.User = NodeWire.Write(user);
        if (session.Destination is { } destination)
            frame.Destination = destination;
        return frame;
    }

    private static AuthRegistry.SessionView Read(SessionFrame frame) => new(
        new SessionId(frame.Id),
        frame.Node,
        frame.HasUser ? NodeWire.Read(frame.User) : null,
        new IPEndPoint(ReadAddress(frame.Client), frame.ClientPort),
        frame.HasDestination ? frame.Destination : null,
        frame.Up,
        frame.Down,
        TimeSpan.FromMilliseconds(frame.AgeMs));

    private static IPAddress ReadAddress(ByteString bytes) =>
        bytes.Length is 4 or 16 ? new IPAddress(bytes.Span) : throw NodeWire.Impossible("an address of that length");
}
