using System.Collections.Immutable;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Feed;

/// <summary>Tells a node that somebody watches the cluster through another one: for a time it tells that one what happens. Repeated
/// while it lasts.</summary>
/// <param name="Asker">Whom to tell.</param>
internal sealed record WatchNode(NodeIncarnation Asker) : IClusterMessage;

/// <summary>What happened at a node, told to those who watch.</summary>
/// <param name="Node">Where.</param>
/// <param name="Name">Its <c>node.name</c>.</param>
/// <param name="Lost">How much happened before that is not told: it was too much.</param>
/// <param name="Events">What happened, in order.</param>
internal sealed record NodeEvents(NodeIncarnation Node, string Name, long Lost, ImmutableArray<FeedEvent> Events) : IClusterMessage;

/// <summary>Tells a node that somebody watches exchanges through another one: for a time it tells that one of those that end. Repeated
/// while it lasts.</summary>
/// <param name="Asker">Whom to tell.</param>
/// <param name="Filters">What its readers want: those exchanges that pass one of these.</param>
internal sealed record WatchExchanges(NodeIncarnation Asker, ImmutableArray<ExchangeFilter> Filters) : IClusterMessage;

/// <summary>Exchanges that ended at a node, told to those who watch.</summary>
/// <param name="Node">Where.</param>
/// <param name="Name">Its <c>node.name</c>.</param>
/// <param name="Lost">How many before them are not told: they were too many.</param>
/// <param name="Exchanges">They, in the order in which they ended.</param>
internal sealed record NodeExchanges(
    NodeIncarnation Node, string Name, long Lost, ImmutableArray<ExchangeSummary> Exchanges) : IClusterMessage;

/// <summary>Tells a node that somebody reads the log through another one: for a time it tells that one what it writes. Repeated while it
/// lasts.</summary>
/// <param name="Asker">Whom to tell.</param>
/// <param name="Level">The least grave that its readers want.</param>
internal sealed record WatchLog(NodeIncarnation Asker, LogLevel Level) : IClusterMessage;

/// <summary>What a node has written into its process log, told to those who read it.</summary>
/// <param name="Node">Where.</param>
/// <param name="Name">Its <c>node.name</c>.</param>
/// <param name="Lost">How many lines before them are not told: they were too many.</param>
/// <param name="Lines">They, in their order.</param>
internal sealed record NodeLog(NodeIncarnation Node, string Name, long Lost, ImmutableArray<LogLine> Lines) : IClusterMessage;
