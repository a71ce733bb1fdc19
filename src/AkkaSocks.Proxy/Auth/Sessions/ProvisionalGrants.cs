using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// Sessions this node has granted to others and has not seen in their counts yet. They are counted until then, so that a burst
/// cannot slip through between the grant and the count.
/// </summary>
/// <remarks>
/// Grants to one node are numbered from 1. That node says up to which number it has settled them (counted, or given up for
/// good), and never accepts a lower one afterwards. A lease that is asked for again gets a new number for the place it has.
/// </remarks>
internal sealed class ProvisionalGrants
{
    private readonly Dictionary<NodeIncarnation, Origin> _origins = [];
    private readonly Dictionary<UserName, int> _counts = [];

    private sealed class Origin
    {
        public Dictionary<long, Grant> ByLease { get; } = [];

        public Queue<Grant> InOrder { get; } = [];

        public long LastNumber { get; set; }
    }

    private sealed record Grant(long Lease, UserName User, long Number, long GivenAt);

    /// <summary>Places held for all users.</summary>
    public int Held { get; private set; }

    /// <summary>Places held for a user.</summary>
    public int this[UserName user] => _counts.GetValueOrDefault(user);

    /// <summary>Whether a lease of a node holds a place.</summary>
    public bool Holds(NodeIncarnation node, long lease) =>
        _origins.TryGetValue(node, out var origin) && origin.ByLease.ContainsKey(lease);

    /// <summary>Holds a place for a lease, or gives the place it holds a new number.</summary>
    /// <param name="node">Who asked.</param>
    /// <param name="lease">That node's number of the lease.</param>
    /// <param name="user">Whose session.</param>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    /// <returns>The grant's number.</returns>
    public long Give(NodeIncarnation node, long lease, UserName user, long now)
    {
        if (!_origins.TryGetValue(node, out var origin))
            _origins.Add(node, origin = new Origin());
        var grant = new Grant(lease, user, ++origin.LastNumber, now);
        if (!origin.ByLease.ContainsKey(lease))
        {
            _counts[user] = this[user] + 1;
            Held++;
        }

        origin.ByLease[lease] = grant;
        origin.InOrder.Enqueue(grant);
        return grant.Number;
    }

    /// <summary>A node has settled its grants up to a number.</summary>
    public void Settle(NodeIncarnation node, long number)
    {
        if (_origins.TryGetValue(node, out var origin))
            Release(origin, grant => grant.Number <= number);
    }

    /// <summary>Forgets places given before a time: their node has long stopped waiting for the answer.</summary>
    public void Expire(long before)
    {
        foreach (var origin in _origins.Values)
            Release(origin, grant => grant.GivenAt < before);
    }

    /// <summary>Forgets a node.</summary>
    public void Drop(NodeIncarnation node)
    {
        if (_origins.Remove(node, out var origin))
            Release(origin, _ => true);
    }

    private void Release(Origin origin, Func<Grant, bool> isOver)
    {
        while (origin.InOrder.TryPeek(out var grant) && isOver(grant))
        {
            origin.InOrder.Dequeue();

            // Its lease may have been given a new number since.
            if (!ReferenceEquals(origin.ByLease.GetValueOrDefault(grant.Lease), grant))
                continue;
            origin.ByLease.Remove(grant.Lease);
            Held--;
            if (this[grant.User] is > 1 and var held)
                _counts[grant.User] = held - 1;
            else
                _counts.Remove(grant.User);
        }
    }
}
