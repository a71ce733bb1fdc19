using System.Net;
using System.Runtime.Serialization;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>What many frames are made of.</summary>
internal static class NodeWire
{
    /// <summary>The frame of a node.</summary>
    public static NodeFrame Write(NodeIncarnation node) => new() { Address = node.Address, Uid = node.Uid };

    /// <summary>The node of a frame.</summary>
    /// <exception cref="SerializationException">It is missing.</exception>
    public static NodeIncarnation Read(NodeFrame? frame) => frame is null
        ? throw Impossible("a node is missing")
        : new NodeIncarnation(frame.Address, frame.Uid);

    /// <summary>The bytes of a user's name.</summary>
    public static ByteString Write(UserName user) => ByteString.CopyFrom(user.Bytes);

    /// <summary>The name of these bytes.</summary>
    /// <exception cref="SerializationException">They are too many.</exception>
    public static UserName Read(ByteString user) =>
        user.Length <= UserName.MaxLength ? new UserName(user.Span) : throw Impossible("a user's name is too long");

    /// <summary>The 4 or 16 bytes of an address.</summary>
    public static ByteString Write(IPAddress address) => ByteString.CopyFrom(address.GetAddressBytes());

    /// <summary>The address of these bytes.</summary>
    /// <exception cref="SerializationException">They are none.</exception>
    public static IPAddress ReadAddress(ByteString bytes) =>
        bytes.Length is 4 or 16 ? new IPAddress(bytes.Span) : throw Impossible("an address of that length");

    /// <summary>An address and a port.</summary>
    /// <exception cref="SerializationException">They are none.</exception>
    public static IPEndPoint ReadEndpoint(ByteString address, int port) =>
        port is >= 0 and <= ushort.MaxValue ? new IPEndPoint(ReadAddress(address), port) : throw Impossible("no such port");

    /// <summary>A frame that says what cannot be.</summary>
    public static SerializationException Impossible(string why) => new($"A frame says what cannot be: {why}.");
}
