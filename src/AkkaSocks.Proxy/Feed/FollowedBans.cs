using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Feed;

/// <summary>The bans that readers have been told of: what is new since, and what has ended.</summary>
internal sealed class FollowedBans
{
    private readonly Dictionary<BanVersion, BanNotice> _known = [];

    /// <summary>What has become of bans since the last call.</summary>
    /// <param name="bans">Those that hold now; lifted ones count as ended.</param>
    /// <param name="now">When that is, in milliseconds since 1970.</param>
    public ImmutableArray<FeedEvent> Follow(IEnumerable<BanNotice> bans, long now)
    {
        var holding = bans.Where(ban => !ban.IsLifted).ToDictionary(ban => ban.Version);
        ImmutableArray<FeedEvent> events =
        [
            .. holding.Values.Where(ban => !_known.ContainsKey(ban.Version)).Select(ban => EventOf(FeedKind.BanAdded, ban, now)),
            .. _known.Values.Where(ban => !holding.ContainsKey(ban.Version)).Select(ban => EventOf(FeedKind.BanEnded, ban, now)),
        ];
        _known.Clear();
        foreach (var (version, ban) in holding)
            _known.Add(version, ban);
        return events;
    }

    /// <summary>Nobody listens any more.</summary>
    public void Forget() => _known.Clear();

    private static FeedEvent EventOf(FeedKind kind, BanNotice ban, long now) => new(kind, now)
    {
        User = ban.Target.User, Network = ban.Target.Network?.ToString(), Reason = KebabCase.Of(ban.Cause.ToString()),
    };
}
