using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>Pages of sessions: those of one node, and several nodes' put together.</summary>
internal static class SessionListing
{
    // Half the frame of 128,000 bytes that remoting would drop without a word.
    private const int MaxBytesOfPage = 64_000;
    private const int BytesBesidesTexts = 192;

    /// <summary>Sessions of this node in the order that was asked for, as many as fit into a frame. Looks at all of them, and keeps
    /// no more than the page while it does: 100,000 take some 10 ms, those with a text some 100 ms.</summary>
    /// <param name="live">The node's sessions.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="question">Which, behind which, how many.</param>
    /// <param name="now">The time, in the terms of <see cref="SessionRecord.StartedAt"/>.</param>
    public static AuthRegistry.SessionPage PageOf(LiveSessions live, string node, AuthRegistry.GetSessions question, long now)
    {
        if (question.Filter.Node is { } wanted && wanted != node)
            return new AuthRegistry.SessionPage([], HasMore: false, Total: 0, Silent: []);

        var order = question.Order;
        var best = new PriorityQueue<LiveSession, SessionPlace>(Comparer<SessionPlace>.Create((x, y) => order.Compare(y, x)));
        var (total, behind) = (0, 0);
        foreach (var session in live.All())
        {
            if (!question.Filter.Passes(session, node))
                continue;
            total++;
            var place = order.PlaceOf(session);
            if (question.After is { } after && order.Compare(place, after) <= 0)
                continue;
            behind++;
            if (best.Count < question.Count)
                best.Enqueue(session, place);
            else
                best.EnqueueDequeue(session, place);
        }

        var items = Fitting(InOrder(best), node, now);

        // Bytes have moved on since they were compared: what is shown is in order of what is shown.
        items.Sort((x, y) => order.Compare(order.PlaceOf(x), order.PlaceOf(y)));
        return new AuthRegistry.SessionPage([.. items], items.Count < behind, total, []);
    }

    /// <summary>One page of several. Behind the last session of a page that has more, others' sessions wait for the next page.</summary>
    public static AuthRegistry.SessionPage Merge(
        IReadOnlyCollection<AuthRegistry.SessionPage> pages, SessionOrder order, int count, ImmutableArray<string> silent)
    {
        var ends = pages.Where(page => page.HasMore).Select(page => order.PlaceOf(page.Items[^1])).Order(order).ToList();
        var all = pages.SelectMany(page => page.Items).OrderBy(order.PlaceOf, order).ToList();
        ImmutableArray<SessionView> items =
        [
            .. all.TakeWhile(session => ends.Count == 0 || order.Compare(order.PlaceOf(session), ends[0]) <= 0).Take(count),
        ];
        return new AuthRegistry.SessionPage(
            items, items.Length < all.Count || ends.Count > 0, pages.Sum(page => page.Total), silent);
    }

    private static LiveSession[] InOrder(PriorityQueue<LiveSession, SessionPlace> best)
    {
        var sessions = new LiveSession[best.Count];
        for (var i = sessions.Length - 1; i >= 0; i--)
            sessions[i] = best.Dequeue();
        return sessions;
    }

    private static List<SessionView> Fitting(LiveSession[] sessions, string node, long now)
    {
        var items = new List<SessionView>(sessions.Length);
        var bytes = 0;
        foreach (var session in sessions)
        {
            if (bytes > MaxBytesOfPage)
                break;
            var view = SessionView.Of(session, node, now);
            items.Add(view);
            bytes += BytesBesidesTexts + node.Length + view.Listener.Length + (view.User?.Bytes.Length ?? 0)
                + Encoding.UTF8.GetByteCount(view.Destination ?? "");
        }

        return items;
    }
}
