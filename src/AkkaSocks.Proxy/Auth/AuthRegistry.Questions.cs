using System.Collections.Immutable;
using System.Net;
using Akka.Event;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Auth;

/// <content>What operators ask a registry; any node's answers for the whole cluster. See <see cref="OperatorQuestions"/>.</content>
internal sealed partial class AuthRegistry
{
    /// <summary>Asks who is in the cluster; the sender is told <see cref="Nodes"/>.</summary>
    internal sealed record GetNodes;

    /// <summary>The nodes as this one knows them, itself first.</summary>
    internal sealed record Nodes(ImmutableArray<NodeStatus> Items);

    /// <summary>A node as another one knows it.</summary>
    /// <param name="Name">Its <c>node.name</c>; its address until it has told it.</param>
    /// <param name="Address">Where other nodes reach it: host and port.</param>
    /// <param name="State">Its state of membership in lower case, as <c>up</c>; <c>unreachable</c> when it cannot be asked.</param>
    /// <param name="IsSelf">It is the one that was asked.</param>
    /// <param name="IsDraining">It takes no new sessions.</param>
    /// <param name="Sessions">Sessions it has: of another node those it last told of, at most 5 s ago.</param>
    /// <param name="Figures">What it does, as old as <paramref name="Sessions"/>; null until it has told them.</param>
    internal sealed record NodeStatus(
        string Name, string Address, string State, bool IsSelf, bool IsDraining, int Sessions, NodeFigures? Figures);

    /// <summary>Asks for sessions of the whole cluster; the sender is told <see cref="SessionPage"/>.</summary>
    /// <param name="Filter">Which.</param>
    /// <param name="Order">In which order.</param>
    /// <param name="After">Where the page before ended; null for the first page.</param>
    /// <param name="Count">Sessions at most.</param>
    internal sealed record GetSessions(SessionFilter Filter, SessionOrder Order, SessionPlace? After, int Count);

    /// <summary>The answer to <see cref="GetSessions"/>.</summary>
    /// <param name="Items">The sessions; fewer than were asked for even where <paramref name="HasMore"/>.</param>
    /// <param name="HasMore">There may be more behind the last one.</param>
    /// <param name="Total">How many sessions there are that pass the filter, on all pages.</param>
    /// <param name="Silent">Names of nodes whose sessions are missing, since they did not answer within 2 s or cannot be asked.</param>
    internal sealed record SessionPage(ImmutableArray<SessionView> Items, bool HasMore, int Total, ImmutableArray<string> Silent);

    /// <summary>Asks for the sessions of the whole cluster that were refused lately; the sender is told <see cref="Refusals"/>.</summary>
    /// <param name="Which">Which.</param>
    /// <param name="Count">Sessions at most.</param>
    internal sealed record GetRefusals(RefusalFilter Which, int Count);

    /// <summary>The answer to <see cref="GetRefusals"/>.</summary>
    /// <param name="Items">The sessions, the latest first.</param>
    /// <param name="Silent">Names of nodes whose sessions are missing.</param>
    internal sealed record Refusals(ImmutableArray<RefusedSession> Items, ImmutableArray<string> Silent);

    /// <summary>Asks for exchanges that were looked into; the sender is told <see cref="ExchangePage"/>.</summary>
    /// <param name="Filter">Which.</param>
    /// <param name="Node">Those of the node of this name or address; null for all nodes'.</param>
    /// <param name="After">Where the page before ended; null for the first page.</param>
    /// <param name="Count">Exchanges at most.</param>
    internal sealed record GetExchanges(ExchangeFilter Filter, string? Node, ExchangePlace? After, int Count);

    /// <summary>The answer to <see cref="GetExchanges"/>.</summary>
    /// <param name="List">The exchanges, the latest to end first.</param>
    /// <param name="IsCaptured">A node that has answered remembers exchanges at all.</param>
    /// <param name="Silent">Names of nodes whose exchanges are missing, since they did not answer within 2 s or cannot be asked.</param>
    internal sealed record ExchangePage(ExchangeList List, bool IsCaptured, ImmutableArray<string> Silent)
    {
        /// <summary>There is a node of the name that was asked for.</summary>
        public bool IsOfANode { get; init; } = true;
    }

    /// <summary>Asks for an exchange with all that is remembered of it, part by part; the sender is told <see cref="ExchangeAnswer"/>.
    /// </summary>
    /// <param name="Node">The name or address of the node that has it.</param>
    /// <param name="Id">Its place among all of that node.</param>
    /// <param name="From">From which of its bytes on.</param>
    internal sealed record GetExchange(string Node, long Id, int From);

    /// <summary>The answer to <see cref="GetExchange"/>.</summary>
    /// <param name="Node">The node's name; null when there is no such node.</param>
    /// <param name="Part">The next bytes; null when the node did not tell them in time.</param>
    internal sealed record ExchangeAnswer(string? Node, ExchangePart? Part);

    /// <summary>Asks for the actors of a node; the sender is told <see cref="Actors"/>.</summary>
    /// <param name="Node">Its name or address; null for this one.</param>
    /// <param name="Depth">Levels of the tree.</param>
    /// <param name="Top">Children shown of each actor at most.</param>
    internal sealed record GetActors(string? Node, int Depth, int Top);

    /// <summary>The answer to <see cref="GetActors"/>.</summary>
    /// <param name="Node">The node's name; null when there is no such node.</param>
    /// <param name="View">Its actors; null when it did not tell them in time.</param>
    internal sealed record Actors(string? Node, ActorView? View);

    /// <summary>Asks for the last lines of process logs; the sender is told <see cref="LogPage"/>.</summary>
    /// <param name="Node">Those of the node of this name or address; null for all nodes'.</param>
    /// <param name="Level">The least grave that are wanted.</param>
    /// <param name="Count">Lines at most.</param>
    internal sealed record GetLog(string? Node, LogLevel Level, int Count);

    /// <summary>The answer to <see cref="GetLog"/>.</summary>
    /// <param name="Items">The lines, the oldest first by the clocks of their nodes; of another node as many as fit into a frame.</param>
    /// <param name="Silent">Names of nodes whose lines are missing.</param>
    internal sealed record LogPage(ImmutableArray<LoggedLine> Items, ImmutableArray<string> Silent)
    {
        /// <summary>There is a node of the name that was asked for.</summary>
        public bool IsOfANode { get; init; } = true;
    }

    /// <summary>A line of a process log.</summary>
    /// <param name="Node">The name of the node that wrote it.</param>
    /// <param name="Line">It.</param>
    internal sealed record LoggedLine(string Node, LogLine Line);

    /// <summary>Asks what the nodes did in the last minutes; the sender is told <see cref="History"/>.</summary>
    internal sealed record GetHistory;

    /// <summary>What nodes did, as far as this one has heard.</summary>
    internal sealed record History(ImmutableArray<NodeHistory.Line> Nodes);

    /// <summary>Asks which users have most sessions in the cluster; the sender is told <see cref="BusiestUsers"/>.</summary>
    /// <param name="Count">Users at most.</param>
    internal sealed record GetBusiestUsers(int Count);

    /// <summary>Users by their sessions, most first, as far as this node has heard.</summary>
    internal sealed record BusiestUsers(ImmutableArray<LedgerEntry> Items);

    /// <summary>Ends sessions, wherever they are; the sender is told <see cref="SessionsTerminated"/>.</summary>
    /// <param name="Which">Which.</param>
    /// <param name="Reason">For their records.</param>
    internal sealed record TerminateSessions(SessionSelection Which, TerminationReason Reason)
    {
        /// <summary>Ends one session.</summary>
        public TerminateSessions(SessionId session, TerminationReason reason)
            : this(new SessionSelection { Id = session }, reason)
        {
        }

        /// <summary>Ends the sessions of a user.</summary>
        public TerminateSessions(UserName user, TerminationReason reason)
            : this(new SessionSelection { User = user }, reason)
        {
        }

        /// <summary>Ends the sessions of a client address.</summary>
        public TerminateSessions(IPAddress client, TerminationReason reason)
            : this(new SessionSelection { Client = client }, reason)
        {
        }
    }

    /// <summary>How many sessions were told to end: none when there is no such session.</summary>
    internal sealed record SessionsTerminated(int Count);

    /// <summary>A session was let in whose user will expire.</summary>
    internal sealed class WillExpire
    {
        /// <summary>The one there is.</summary>
        public static readonly WillExpire Instance = new();
    }

    /// <summary>Asks who is banned; the sender is told <see cref="Bans"/>. Every node knows all bans.</summary>
    internal sealed record GetBans;

    /// <summary>Bans, and those that were lifted and are not forgotten yet, the oldest first.</summary>
    internal sealed record Bans(ImmutableArray<BanNotice> Items);

    /// <summary>Bans somebody in the whole cluster and ends its sessions; the sender is told <see cref="BanImposed"/>.</summary>
    /// <param name="Target">Whom.</param>
    /// <param name="Duration">For how long; null for <c>auth.bans.duration</c>.</param>
    /// <param name="Reason">The operator's words; null without.</param>
    internal sealed record ImposeBan(BanTarget Target, TimeSpan? Duration, string? Reason);

    /// <summary>The ban as it holds from now on.</summary>
    internal sealed record BanImposed(BanNotice Ban);

    /// <summary>Lifts a ban in the whole cluster; the sender is told <see cref="BanLifted"/>.</summary>
    internal sealed record LiftBan(BanVersion Ban);

    /// <summary>Whether there was such a ban.</summary>
    internal sealed record BanLifted(bool WasThere);

    /// <summary>
    /// Lets a node take no new sessions, wait for those it has, at most <c>cluster.drain-timeout</c>, and stop. The sender is told
    /// <see cref="Draining"/>.
    /// </summary>
    /// <param name="Node">Its name or address; null for this one.</param>
    internal sealed record Drain(string? Node);

    /// <summary>The name of the node that drains; null when there is no such node.</summary>
    internal sealed record Draining(string? Node);
}
