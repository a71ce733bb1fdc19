using AkkaSocks.Proxy.Clustering.Wire;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes of different clusters say to each other.</summary>
internal static class StrayWire
{
    /// <summary>The frame of a message.</summary>
    public static ClusterQuestionFrame Write(StrayWatch.ClusterQuestion message) => new() { Asker = NodeWire.Write(message.Asker) };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static StrayWatch.ClusterQuestion Read(ClusterQuestionFrame frame) => new(NodeWire.Read(frame.Asker));

    /// <inheritdoc cref="Write(StrayWatch.ClusterQuestion)"/>
    public static ClusterAnswerFrame Write(StrayWatch.ClusterAnswer message) => new()
    {
        Node = NodeWire.Write(message.Node), Members = message.Members, First = message.First, HasAsker = message.HasAsker,
    };

    /// <inheritdoc cref="Read(ClusterQuestionFrame)"/>
    public static StrayWatch.ClusterAnswer Read(ClusterAnswerFrame frame) =>
        new(NodeWire.Read(frame.Node), frame.Members, frame.First, frame.HasAsker);
}
