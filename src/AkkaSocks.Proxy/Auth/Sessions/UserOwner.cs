using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// Who decides about a user's sessions: the winner of rendezvous hashing among the nodes that can be asked. Nodes that know the
/// same members name the same owner without talking about it, and a node that leaves hands over its own users only.
/// </summary>
internal static class UserOwner
{
    /// <summary>The owner; null when nobody is left.</summary>
    /// <param name="user">Whose sessions.</param>
    /// <param name="candidates">Nodes that can be asked, in any order.</param>
    /// <param name="skipped">Nodes not to choose: they did not answer.</param>
    public static NodeIncarnation? Of(
        UserName user, IEnumerable<NodeIncarnation> candidates, IReadOnlyCollection<NodeIncarnation> skipped)
    {
        var key = StableHash.Of(user.Bytes);
        NodeIncarnation? best = null;
        var bestWeight = 0ul;
        foreach (var node in candidates)
        {
            if (skipped.Contains(node))
                continue;
            var weight = StableHash.Mix(key ^ StableHash.Of(node.Address) ^ (uint)node.Uid);
            if (best is { } other && (weight < bestWeight || (weight == bestWeight && Compare(node, other) < 0)))
                continue;
            (best, bestWeight) = (node, weight);
        }

        return best;
    }

    private static int Compare(NodeIncarnation a, NodeIncarnation b) =>
        string.CompareOrdinal(a.Address, b.Address) is var addresses and not 0 ? addresses : a.Uid.CompareTo(b.Uid);
}
