using System.Collections.Immutable;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>Lists of refused sessions, the latest first: those of one node, and several nodes' put together.</summary>
internal static class RefusalListing
{
    /// <summary>Items of a list at most: with names and destinations of any length they fill half a frame of 128,000 bytes.</summary>
    public const int Most = 100;

    /// <summary>Those of this node.</summary>
    public static ImmutableArray<RefusedSession> Of(SessionTap tap, string node, RefusalFilter which, int count, long now) =>
    [
        .. tap.LastRefused().Where(which.Passes).Reverse().Take(Math.Min(count, Most)).Select(record => RefusedSession.Of(record, node, now)),
    ];

    /// <summary>Those of several.</summary>
    public static ImmutableArray<RefusedSession> Merge(IEnumerable<ImmutableArray<RefusedSession>> lists, int count) =>
        [.. lists.SelectMany(list => list).OrderByDescending(it => it.At).ThenBy(it => it.Id.Value).Take(count)];
}
