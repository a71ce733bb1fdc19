using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Telemetry;
using IClusterMessage = AkkaSocks.Proxy.Auth.IClusterMessage;

namespace AkkaSocks.Proxy.Feed;

/// <summary>
/// The actor at <c>/user/log</c>: tells readers what all nodes write into their process logs. Who logs never does more than note the line.
/// </summary>
/// <remarks>A frame, what a node keeps of its log, and the reader's own queue are bounded, and of each the oldest lines go. How many went
/// is told.</remarks>
internal sealed class LogFeed : ClusterFeed<LogLevel>
{
    /// <summary>Its name below <c>/user</c>, the same on every node.</summary>
    public const string Name = "log";

    private readonly string _nodeName;
    private readonly ProcessLog _log;
    private long _told;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public LogFeed(string nodeName, ProcessLog log)
        : base(Name) => (_nodeName, _log) = (nodeName, log);

    /// <summary>Makes the sender a reader until it stops: it is told <see cref="NodeLog"/>, the lines included that others want.</summary>
    /// <param name="Level">The least grave that it wants.</param>
    internal sealed record Listen(LogLevel Level);

    /// <summary>The feed of a node.</summary>
    /// <param name="nodeName"><c>node.name</c>.</param>
    /// <param name="log">What the node writes.</param>
    public static Props Props(string nodeName, ProcessLog log) => Akka.Actor.Props.Create(() => new LogFeed(nodeName, log));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Listen listen:
                AddReader(Sender, listen.Level);
                break;
            case WatchLog watch:
                AddNode(watch.Asker, [watch.Level]);
                break;
            case NodeLog told:
                Audience.TellReaders(told);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override IClusterMessage Question() => new WatchLog(Node, Audience.WantedHere.Min());

    /// <inheritdoc/>
    protected override void Follow(bool isFirst)
    {
        if (isFirst)
            _told = _log.Last;
    }

    /// <inheritdoc/>
    protected override void Rest()
    {
        // The log is written for its own sake; nothing was begun.
    }

    /// <inheritdoc/>
    protected override void Flush()
    {
        var lines = _log.Since(ref _told, Audience.Wanted.Min(), out var lost);
        var fitting = LogLine.Fitting(lines);
        lost += lines.Count - fitting.Count;
        if (fitting.Count > 0 || lost > 0)
            Audience.Tell(new NodeLog(Node, _nodeName, lost, [.. fitting]));
    }
}
