using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes ask each other about sessions that were refused.</summary>
internal static class RefusalWire
{
    /// <summary>The frame of a message.</summary>
    public static FindRefusalsFrame Write(FindRefusals message)
    {
        var frame = new FindRefusalsFrame { Number = message.Number, Asker = NodeWire.Write(message.Asker), Count = message.Question.Count };
        var which = message.Question.Which;
        if (which.Id is { } session)
            frame.Session = session.Value;
        if (which.Reason is { } reason)
            frame.Reason = reason;
        if (which.User is { } user)
            frame.User = NodeWire.Write(user);
        return frame;
    }

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static FindRefusals Read(FindRefusalsFrame frame) => frame.Count is < 1 or > RefusalListing.Most
        ? throw NodeWire.Impossible($"a list of {frame.Count} refusals")
        : new FindRefusals(
            frame.Number,
            NodeWire.Read(frame.Asker),
            new AuthRegistry.GetRefusals(
                new RefusalFilter(
                    frame.HasSession ? new SessionId(frame.Session) : null,
                    frame.HasReason ? frame.Reason : null,
                    frame.HasUser ? NodeWire.Read(frame.User) : null),
                frame.Count));

    /// <inheritdoc cref="Write(FindRefusals)"/>
    public static RefusalsFoundFrame Write(RefusalsFound message) => new()
    {
        Number = message.Number, Node = NodeWire.Write(message.Node), Sessions = { message.Items.Select(Write) },
    };

    /// <inheritdoc cref="Read(FindRefusalsFrame)"/>
    public static RefusalsFound Read(RefusalsFoundFrame frame) =>
        new(frame.Number, NodeWire.Read(frame.Node), [.. frame.Sessions.Select(Read)]);

    private static RefusedSessionFrame Write(RefusedSession session)
    {
        var frame = new RefusedSessionFrame
        {
            Id = session.Id.Value,
            Node = session.Node,
            At = session.At,
            Listener = session.Listener,
            Client = NodeWire.Write(session.Client.Address),
            ClientPort = session.Client.Port,
            Reason = session.Reason,
        };
        if (session.Protocol is { } protocol)
            frame.Protocol = protocol;
        if (session.User is { } user)
            frame.User = NodeWire.Write(user);
        if (session.Command is { } command)
            frame.Command = (int)command;
        if (session.Destination is { } destination)
            frame.Destination = destination;
        return frame;
    }

    private static RefusedSession Read(RefusedSessionFrame frame) => new()
    {
        Id = new SessionId(frame.Id),
        Node = frame.Node,
        At = frame.At,
        Listener = frame.Listener,
        Protocol = frame.HasProtocol ? frame.Protocol : null,
        User = frame.HasUser ? NodeWire.Read(frame.User) : null,
        Client = NodeWire.ReadEndpoint(frame.Client, frame.ClientPort),
        Command = !frame.HasCommand ? null
            : frame.Command is >= 0 and <= byte.MaxValue ? (Command)frame.Command
            : throw NodeWire.Impossible("no such command"),
        Destination = frame.HasDestination ? frame.Destination : null,
        Reason = frame.Reason,
    };
}
