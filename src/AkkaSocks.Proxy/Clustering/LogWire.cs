using Akka.Event;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes ask and tell each other about their process logs.</summary>
internal static class LogWire
{
    /// <summary>The frame of a message.</summary>
    public static FindLogFrame Write(FindLog message) => new()
    {
        Number = message.Number, Asker = NodeWire.Write(message.Asker), Level = (int)message.Level, Count = message.Count,
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static FindLog Read(FindLogFrame frame) => frame.Count is < 1 or > ProcessLog.Kept
        ? throw NodeWire.Impossible($"{frame.Count} lines")
        : new FindLog(frame.Number, NodeWire.Read(frame.Asker), LevelOf(frame.Level), frame.Count);

    /// <inheritdoc cref="Write(FindLog)"/>
    public static LogFoundFrame Write(LogFound message) => new()
    {
        Number = message.Number, Node = NodeWire.Write(message.Node), Name = message.Name, Lines = { message.Lines.Select(Write) },
    };

    /// <inheritdoc cref="Read(FindLogFrame)"/>
    public static LogFound Read(LogFoundFrame frame) =>
        new(frame.Number, NodeWire.Read(frame.Node), frame.Name, [.. frame.Lines.Select(Read)]);

    /// <inheritdoc cref="Write(FindLog)"/>
    public static WatchLogFrame Write(WatchLog message) => new() { Asker = NodeWire.Write(message.Asker), Level = (int)message.Level };

    /// <inheritdoc cref="Read(FindLogFrame)"/>
    public static WatchLog Read(WatchLogFrame frame) => new(NodeWire.Read(frame.Asker), LevelOf(frame.Level));

    /// <inheritdoc cref="Write(FindLog)"/>
    public static NodeLogFrame Write(NodeLog message) => new()
    {
        Node = NodeWire.Write(message.Node), Name = message.Name, Lost = message.Lost, Lines = { message.Lines.Select(Write) },
    };

    /// <inheritdoc cref="Read(FindLogFrame)"/>
    public static NodeLog Read(NodeLogFrame frame) => frame.Lost < 0
        ? throw NodeWire.Impossible("fewer than none were lost")
        : new NodeLog(NodeWire.Read(frame.Node), frame.Name, frame.Lost, [.. frame.Lines.Select(Read)]);

    private static LogLineFrame Write(LogLine line) => new()
    {
        Number = line.Number, At = line.At, Level = (int)line.Level, Source = line.Source, Text = line.Text,
    };

    private static LogLine Read(LogLineFrame frame) => new(frame.Number, frame.At, LevelOf(frame.Level), frame.Source, frame.Text);

    private static LogLevel LevelOf(int level) =>
        Enum.IsDefined((LogLevel)level) ? (LogLevel)level : throw NodeWire.Impossible("no such level");
}
