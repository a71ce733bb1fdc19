using Akka;
using Akka.Streams.Dsl;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Relays;

/// <summary>Says which tunnels something is done to on the way. Implemented by the project that knows what can be done.</summary>
internal interface IDistortion
{
    /// <summary>What is done to a tunnel. Asked on its lane, before it begins.</summary>
    /// <param name="session">The session.</param>
    /// <param name="user">Who has logged in, if anybody had to.</param>
    /// <param name="destination">What the client asked for.</param>
    /// <param name="serverName">What its TLS asks for; null where that is not known.</param>
    /// <returns>Null for nothing: then it is as if this had not been asked.</returns>
    RelayFlows? Of(SessionId session, UserName? user, Destination destination, string? serverName);

    /// <summary>What is done to the datagrams of an association. Asked on its lane, before it begins.</summary>
    /// <param name="session">The session.</param>
    /// <param name="user">Who has logged in, if anybody had to.</param>
    /// <returns>Null for nothing: then it is as if this had not been asked.</returns>
    IDatagramFlow? OfDatagrams(SessionId session, UserName? user);
}

/// <summary>What the datagrams of one association go through, on its lane.</summary>
internal interface IDatagramFlow
{
    /// <summary>Lets a datagram pass, changes it or keeps it.</summary>
    /// <param name="up">It goes to a destination; else it comes from one.</param>
    /// <param name="other">The destination.</param>
    /// <param name="room">Its payload, and behind it room that it may grow into.</param>
    /// <param name="length">How much of that is payload.</param>
    /// <returns>How much is payload now; less than nothing when none is to go on.</returns>
    int Pass(bool up, DatagramAddress other, Span<byte> room, int length);
}

/// <summary>What the bytes of a tunnel go through, of one tunnel and in use once.</summary>
/// <param name="Up">From the client to the destination; null for nothing.</param>
/// <param name="Down">From the destination to the client; null for nothing.</param>
internal sealed record RelayFlows(Flow<Chunk, Chunk, NotUsed>? Up, Flow<Chunk, Chunk, NotUsed>? Down);

/// <summary>A flow ends the tunnel, and means to.</summary>
internal sealed class FlowCutException() : Exception("A flow has cut the tunnel.");
