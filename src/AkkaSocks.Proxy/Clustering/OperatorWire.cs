using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes ask each other for operators.</summary>
internal static class OperatorWire
{
    private const int MostSessions = 10_000;

    /// <summary>The frame of a message.</summary>
    public static NodeReportFrame Write(NodeReport message) => new()
    {
        Node = NodeWire.Write(message.Node),
        Name = message.Name,
        IsDraining = message.IsDraining,
        Sessions = message.Sessions,
        Figures = message.Figures is { } figures ? FiguresWire.Write(figures) : null,
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static NodeReport Read(NodeReportFrame frame) => new(
        NodeWire.Read(frame.Node),
        frame.Name,
        frame.IsDraining,
        frame.Sessions,
        frame.Figures is { } figures ? FiguresWire.Read(figures) : null);

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static FindSessionsFrame Write(FindSessions message)
    {
        var (filter, order, after, count) = message.Question;
        var frame = new FindSessionsFrame
        {
            Number = message.Number,
            Asker = NodeWire.Write(message.Asker),
            Count = count,
            Order = (int)order.By,
            IsDescending = order.IsDescending,
        };
        if (filter.User is { } user)
            frame.User = NodeWire.Write(user);
        if (filter.Client is { } client)
            frame.Client = NodeWire.Write(client);
        if (filter.Node is { } node)
            frame.Node = node;
        if (filter.Destination is { } destination)
            frame.Destination = destination;
        if (filter.Listener is { } listener)
            frame.Listener = listener;
        if (filter.Protocol is { } protocol)
            frame.Protocol = protocol;
        if (filter.Text is { } text)
            frame.Text = text;
        if (after is { } place)
            (frame.After, frame.AfterKey) = (place.Id.Value, place.Key);
        return frame;
    }

    /// <inheritdoc cref="Read(NodeReportFrame)"/>
    public static FindSessions Read(FindSessionsFrame frame) => frame.Count is < 1 or > MostSessions
        ? throw NodeWire.Impossible($"a page of {frame.Count} sessions")
        : !Enum.IsDefined((SessionKey)frame.Order)
        ? throw NodeWire.Impossible("no such order")
        : new FindSessions(
            frame.Number,
            NodeWire.Read(frame.Asker),
            new AuthRegistry.GetSessions(
                new SessionFilter(
                    frame.HasUser ? NodeWire.Read(frame.User) : null,
                    frame.HasClient ? NodeWire.ReadAddress(frame.Client) : null,
                    frame.HasNode ? frame.Node : null)
                {
                    Destination = frame.HasDestination ? frame.Destination : null,
                    Listener = frame.HasListener ? frame.Listener : null,
                    Protocol = frame.HasProtocol ? frame.Protocol : null,
                    Text = frame.HasText ? frame.Text : null,
                },
                new SessionOrder((SessionKey)frame.Order, frame.IsDescending),
                frame.HasAfter ? new SessionPlace(frame.AfterKey, new SessionId(frame.After)) : null,
                frame.Count));

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static SessionsFoundFrame Write(SessionsFound message) => new()
    {
        Number = message.Number,
        Node = NodeWire.Write(message.Node),
        Sessions = { message.Page.Items.Select(SessionWire.Write) },
        HasMore = message.Page.HasMore,
        Total = message.Page.Total,
    };

    /// <inheritdoc cref="Read(NodeReportFrame)"/>
    public static SessionsFound Read(SessionsFoundFrame frame) => frame.HasMore && frame.Sessions.Count == 0
        ? throw NodeWire.Impossible("more behind an empty page")
        : new SessionsFound(
            frame.Number,
            NodeWire.Read(frame.Node),
            new AuthRegistry.SessionPage([.. frame.Sessions.Select(SessionWire.Read)], frame.HasMore, frame.Total, []));

    /// <inheritdoc cref="Write(NodeReport)"/>
    public static EndSessionsFrame Write(EndSessions message)
    {
        var frame = new EndSessionsFrame { Number = message.Number, Asker = NodeWire.Write(message.Asker), Reason = (int)message.Reason };
        if (message.Which.Id is { } session)
            frame.Session = session.Value;
        if (message.Which.User is { } user)
            frame.User = NodeWire.Write(user);
        if (message.Which.Client is { } client)
            frame.Client = NodeWire.Write(client);
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
            Client = frame.HasClient ? NodeWire.ReadAddress(frame.Client) : null,
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
}
