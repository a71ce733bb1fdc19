using System.Collections.Immutable;
using Akka.Event;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>What a node tells the others of itself: when they meet, every 5 s, and when it begins to drain.</summary>
/// <param name="Node">Which.</param>
/// <param name="Name">Its <c>node.name</c>.</param>
/// <param name="IsDraining">It takes no new sessions.</param>
/// <param name="Sessions">Sessions it has, those without a user included.</param>
/// <param name="Figures">What it does; null from a node that does not tell.</param>
internal sealed record NodeReport(
    NodeIncarnation Node, string Name, bool IsDraining, int Sessions, NodeFigures? Figures) : IClusterMessage;

/// <summary>Asks a node for its sessions; it answers <see cref="SessionsFound"/>.</summary>
/// <param name="Number">The asker's number of the question.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Question">Which sessions, in which order, behind which, how many: so that no node sends more than a page.</param>
internal sealed record FindSessions(long Number, NodeIncarnation Asker, AuthRegistry.GetSessions Question) : IClusterMessage;

/// <summary>The answer to <see cref="FindSessions"/>.</summary>
/// <param name="Number">The asker's number.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Page">Its sessions, as many as fit into a frame.</param>
internal sealed record SessionsFound(long Number, NodeIncarnation Node, AuthRegistry.SessionPage Page) : IClusterMessage;

/// <summary>Tells a node to end sessions that it has; it answers <see cref="SessionsEnded"/>.</summary>
/// <param name="Number">The asker's number of the question.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Which">Which sessions.</param>
/// <param name="Reason">Why.</param>
internal sealed record EndSessions(long Number, NodeIncarnation Asker, SessionSelection Which, TerminationReason Reason) : IClusterMessage;

/// <summary>The answer to <see cref="EndSessions"/>.</summary>
/// <param name="Number">The asker's number.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Count">How many it had.</param>
internal sealed record SessionsEnded(long Number, NodeIncarnation Node, int Count) : IClusterMessage;

/// <summary>Asks a node for the sessions that it has refused lately; it answers <see cref="RefusalsFound"/>.</summary>
/// <param name="Number">The asker's number of the question.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Question">Which, and how many.</param>
internal sealed record FindRefusals(long Number, NodeIncarnation Asker, AuthRegistry.GetRefusals Question) : IClusterMessage;

/// <summary>The answer to <see cref="FindRefusals"/>.</summary>
/// <param name="Number">The asker's number.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Items">The sessions, the latest first.</param>
internal sealed record RefusalsFound(long Number, NodeIncarnation Node, ImmutableArray<RefusedSession> Items) : IClusterMessage;

/// <summary>Asks a node for exchanges that it has looked into; it answers <see cref="ExchangesFound"/>.</summary>
/// <param name="Number">The asker's number of the question.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Question">Which, behind which, how many.</param>
internal sealed record FindExchanges(long Number, NodeIncarnation Asker, AuthRegistry.GetExchanges Question) : IClusterMessage;

/// <summary>The answer to <see cref="FindExchanges"/>.</summary>
/// <param name="Number">The asker's number.</param>
/// <param name="Node">Who answers.</param>
/// <param name="List">Its exchanges, as many as fit into a frame.</param>
/// <param name="IsCaptured">It remembers exchanges at all.</param>
internal sealed record ExchangesFound(long Number, NodeIncarnation Node, ExchangeList List, bool IsCaptured) : IClusterMessage;

/// <summary>Asks a node for a part of an exchange; it answers <see cref="ExchangeFound"/>.</summary>
/// <param name="Number">The asker's number of the question.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Id">Which exchange of the node.</param>
/// <param name="From">From which of its bytes on.</param>
internal sealed record FindExchange(long Number, NodeIncarnation Asker, long Id, int From) : IClusterMessage;

/// <summary>The answer to <see cref="FindExchange"/>.</summary>
/// <param name="Number">The asker's number.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Answer">As many bytes as fit into a frame.</param>
internal sealed record ExchangeFound(long Number, NodeIncarnation Node, AuthRegistry.ExchangeAnswer Answer) : IClusterMessage;

/// <summary>Asks a node for its actors; it answers <see cref="ActorsFound"/>.</summary>
/// <param name="Number">The asker's number of the question.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Question">How much of them.</param>
internal sealed record FindActors(long Number, NodeIncarnation Asker, AuthRegistry.GetActors Question) : IClusterMessage;

/// <summary>The answer to <see cref="FindActors"/>.</summary>
/// <param name="Number">The asker's number.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Actors">As much of them as fits into a frame.</param>
internal sealed record ActorsFound(long Number, NodeIncarnation Node, AuthRegistry.Actors Actors) : IClusterMessage;

/// <summary>Asks a node for the last lines of its process log; it answers <see cref="LogFound"/>.</summary>
/// <param name="Number">The asker's number of the question.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Level">The least grave that are wanted.</param>
/// <param name="Count">Lines at most.</param>
internal sealed record FindLog(long Number, NodeIncarnation Asker, LogLevel Level, int Count) : IClusterMessage;

/// <summary>The answer to <see cref="FindLog"/>.</summary>
/// <param name="Number">The asker's number.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Name">Its <c>node.name</c>.</param>
/// <param name="Lines">The lines in their order, as many as fit into a frame.</param>
internal sealed record LogFound(long Number, NodeIncarnation Node, string Name, ImmutableArray<LogLine> Lines) : IClusterMessage;

/// <summary>Tells a node to drain.</summary>
/// <param name="Asker">Who says so.</param>
internal sealed record DrainNode(NodeIncarnation Asker) : IClusterMessage;
