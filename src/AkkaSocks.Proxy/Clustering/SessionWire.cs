using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frame of a <see cref="SessionView"/>.</summary>
internal static class SessionWire
{
    /// <summary>The frame of a session.</summary>
    public static SessionFrame Write(SessionView session)
    {
        var frame = new SessionFrame
        {
            Id = session.Id.Value,
            Node = session.Node,
            Listener = session.Listener,
            Stage = (int)session.Stage,
            Client = NodeWire.Write(session.Client.Address),
            ClientPort = session.Client.Port,
            Up = session.Up,
            Down = session.Down,
            AgeMs = (long)session.Age.TotalMilliseconds,
            StartedAt = session.StartedAt,
        };
        if (session.Protocol is { } protocol)
            frame.Protocol = protocol;
        if (session.User is { } user)
            frame.User = NodeWire.Write(user);
        if (session.Destination is { } destination)
            frame.Destination = destination;
        if (session.Address is { } address)
            (frame.Address, frame.AddressPort) = (NodeWire.Write(address.Address), address.Port);
        return frame;
    }

    /// <summary>The session of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static SessionView Read(SessionFrame frame) => new()
    {
        Id = new SessionId(frame.Id),
        Node = frame.Node,
        Listener = frame.Listener,
        Protocol = frame.HasProtocol ? frame.Protocol : null,
        Stage = Enum.IsDefined((SessionStage)frame.Stage) ? (SessionStage)frame.Stage : throw NodeWire.Impossible("no such stage"),
        User = frame.HasUser ? NodeWire.Read(frame.User) : null,
        Client = NodeWire.ReadEndpoint(frame.Client, frame.ClientPort),
        Destination = frame.HasDestination ? frame.Destination : null,
        Address = frame.HasAddress ? NodeWire.ReadEndpoint(frame.Address, frame.AddressPort) : null,
        Up = frame.Up,
        Down = frame.Down,
        StartedAt = frame.StartedAt,
        Age = TimeSpan.FromMilliseconds(frame.AgeMs),
    };
}
