using System.Collections.Immutable;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>Pages of sessions: those of one node, and several nodes' put together.</summary>
internal static class SessionListing
{
    // Half the frame of 128,000 bytes that remoting would drop without a word.
    private const int MaxBytesOfPage = 64_000;
    private const int BytesBesidesTexts = 128;

    /// <summary>Sessions of this node in the order of their ids, as many as fit into a frame.</summary>
    /// <param name="live">The node's sessions.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="question">Which, behind which, how many.</param>
    /// <param name="now">The time, in the terms of <see cref="SessionRecord.StartedAt"/>.</param>
    public static AuthRegistry.SessionPage PageOf(LiveSessions live, string node, AuthRegistry.GetSessions question, long now)
    {
        if (question.Filter.Node is { } wanted && wanted != node)
            return new AuthRegistry.SessionPage([], HasMore: false);

        var items = ImmutableArray.CreateBuilder<AuthRegistry.SessionView>();
        var bytes = 0;
        foreach (var session in live.All().Where(session => IsWanted(session, question)).OrderBy(session => session.Id.Value))
        {
            if (items.Count == question.Count || bytes > MaxBytesOfPage)
                return new AuthRegistry.SessionPage(items.ToImmutable(), HasMore: true);
            var view = ViewOf(session, node, now);
            items.Add(view);
            bytes += BytesBesidesTexts + node.Length + (view.User?.Bytes.Length ?? 0) + (view.Destination?.Length ?? 0);
        }

        return new AuthRegistry.SessionPage(items.ToImmutable(), HasMore: false);
    }

    /// <summary>One page of several. Behind the last id of a page that has more, others' sessions wait for the next page.</summary>
    public static AuthRegistry.SessionPage Merge(IReadOnlyCollection<AuthRegistry.SessionPage> pages, int count)
    {
        var certain = pages.Where(page => page.HasMore).Select(page => page.Items[^1].Id.Value).DefaultIfEmpty(ulong.MaxValue).Min();
        var all = pages.SelectMany(page => page.Items).OrderBy(session => session.Id.Value).ToList();
        ImmutableArray<AuthRegistry.SessionView> items = [.. all.TakeWhile(session => session.Id.Value <= certain).Take(count)];
        return new AuthRegistry.SessionPage(items, items.Length < all.Count || pages.Any(page => page.HasMore));
    }

    private static bool IsWanted(LiveSession session, AuthRegistry.GetSessions question) =>
        (question.After is not { } after || session.Id.Value > after.Value)
        && (question.Filter.User is not { } user || session.AdmittedAs?.Name == user)
        && (question.Filter.Client is not { } client || session.Record.Client.Address.Equals(client));

    // The session goes on writing its record: what was asked for is complete once the time it was asked at is there.
    private static AuthRegistry.SessionView ViewOf(LiveSession session, string node, long now)
    {
        var (up, down) = session.Bytes;
        return new AuthRegistry.SessionView(
            session.Id,
            node,
            session.AdmittedAs?.Name,
            session.Record.Client,
            session.Record.RequestedAt == 0 ? null : session.Record.Destination?.ToString(),
            up,
            down,
            TimeSpan.FromMilliseconds(now - session.Record.StartedAt));
    }
}
