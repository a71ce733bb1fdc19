using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

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
    internal sealed record NodeStatus(string Name, string Address, string State, bool IsSelf, bool IsDraining, int Sessions);

    /// <summary>Asks for sessions of the whole cluster in the order of their ids; the sender is told <see cref="SessionPage"/>.</summary>
    /// <param name="Filter">Which.</param>
    /// <param name="After">The last id of the page before; null for the first page.</param>
    /// <param name="Count">Sessions at most.</param>
    internal sealed record GetSessions(SessionFilter Filter, SessionId? After, int Count);

    /// <summary>What sessions must be; null is whatever.</summary>
    internal sealed record SessionFilter(UserName? User, IPAddress? Client, string? Node);

    /// <summary>The answer to <see cref="GetSessions"/>. Sessions of a node that did not answer within 2 s are missing.</summary>
    /// <param name="Items">The sessions; fewer than were asked for even where <paramref name="HasMore"/>.</param>
    /// <param name="HasMore">There may be more behind the last one.</param>
    internal sealed record SessionPage(ImmutableArray<SessionView> Items, bool HasMore);

    /// <summary>A session as it was a moment ago.</summary>
    internal sealed record SessionView(
        SessionId Id, string Node, UserName? User, IPEndPoint Client, string? Destination, long Up, long Down, TimeSpan Age);

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
