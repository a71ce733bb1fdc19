using System.Net;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// Admission of connections, before anything is spent on them: <see cref="ProxyLimits.MaxSessions"/> and
/// <see cref="ProxyLimits.MaxSessionsPerAddress"/>. A lease is given back exactly once, when the session is over.
/// </summary>
/// <remarks>A session has one place, and takes another where it may hold twice the descriptors of others: so those run out after the
/// places and not before. Called by every loop for every connection, so the addresses are striped over 64 locks.</remarks>
internal sealed class ConnectionGate(ProxyLimits limits)
{
    private readonly Dictionary<ClientNetwork, int>[] _stripes =
        [.. Enumerable.Range(0, 64).Select(_ => new Dictionary<ClientNetwork, int>())];

    private volatile ProxyLimits _limits = limits;
    private int _places, _second;

    /// <summary>What it holds to. Other limits count for whoever comes from then on: nobody is turned out.</summary>
    public ProxyLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }

    /// <summary>Sessions admitted and not over yet.</summary>
    public int Sessions
    {
        get
        {
            // In this order a place that is taken meanwhile makes it one more for a moment, and never one less.
            var second = Volatile.Read(ref _second);
            return Places - second;
        }
    }

    /// <summary>Places of <see cref="ProxyLimits.MaxSessions"/> that are taken.</summary>
    public int Places => Volatile.Read(ref _places);

    /// <summary>Admits a connection from <paramref name="client"/>.</summary>
    /// <returns><see cref="Refusal.None"/> with a lease, or why not.</returns>
    public Refusal TryEnter(IPAddress client, out GateLease lease)
    {
        if (TryEnter(out lease) is not Refusal.None and var full)
            return full;
        if (lease.Name(client) is not Refusal.None and var refusal)
        {
            lease.Return();
            lease = default;
            return refusal;
        }

        return Refusal.None;
    }

    /// <summary>Admits a connection whose client is named later, by <see cref="GateLease.Name"/>: a load balancer passes it on, whose
    /// own address must not count for all its clients.</summary>
    /// <returns><see cref="Refusal.None"/> with a lease, or why not.</returns>
    public Refusal TryEnter(out GateLease lease)
    {
        lease = default;
        if (!TryTakePlace())
            return Refusal.TooManySessions;
        lease = new GateLease(this);
        return Refusal.None;
    }

    /// <summary>Takes a second place for a session that has one; false when all are taken. It is given back by
    /// <see cref="ReturnSecond"/>, once, before the session is over.</summary>
    public bool TryTakeSecond()
    {
        if (!TryTakePlace())
            return false;
        Interlocked.Increment(ref _second);
        return true;
    }

    /// <summary>Whether a session that comes now would get no second place.</summary>
    public bool IsFullForTwo => IsTooMany(Places + 2);

    /// <summary>Gives a second place back.</summary>
    public void ReturnSecond()
    {
        Interlocked.Decrement(ref _second);
        Interlocked.Decrement(ref _places);
    }

    /// <summary>Why a connection from there would not be admitted now. Takes no place.</summary>
    /// <param name="client">Null when the address is not known: then it is not looked at.</param>
    public Refusal Objection(IPAddress? client) =>
        IsTooMany(Places + 1) ? Refusal.TooManySessions
        : client is not null && IsTooManyFromAddress(SessionsFrom(client) + 1) ? Refusal.TooManySessionsFromAddress
        : Refusal.None;

    /// <summary>Sessions that are counted to an address.</summary>
    public int SessionsFrom(IPAddress client)
    {
        var key = ClientNetwork.Of(client);
        var stripe = StripeOf(key);
        lock (stripe)
            return stripe.GetValueOrDefault(key);
    }

    internal bool TryCount(IPAddress client, out ClientNetwork key)
    {
        key = ClientNetwork.Of(client);
        var stripe = StripeOf(key);
        lock (stripe)
        {
            var now = stripe.GetValueOrDefault(key);
            if (IsTooManyFromAddress(now + 1))
                return false;
            stripe[key] = now + 1;
            return true;
        }
    }

    internal void Leave(ClientNetwork? counted)
    {
        if (counted is { } key)
        {
            var stripe = StripeOf(key);
            lock (stripe)
            {
                var left = stripe[key] - 1;
                if (left == 0)
                    stripe.Remove(key);
                else
                    stripe[key] = left;
            }
        }

        Interlocked.Decrement(ref _places);
    }

    private bool TryTakePlace()
    {
        if (!IsTooMany(Interlocked.Increment(ref _places)))
            return true;
        Interlocked.Decrement(ref _places);
        return false;
    }

    private bool IsTooMany(int places) => places > _limits.MaxSessions;

    private bool IsTooManyFromAddress(int sessions) => sessions > _limits.MaxSessionsPerAddress;

    private Dictionary<ClientNetwork, int> StripeOf(ClientNetwork key) => _stripes[(uint)key.GetHashCode() >> 26];
}

/// <summary>A place taken at a <see cref="ConnectionGate"/>: of a client that is known, or of one that is to be named. A mutable struct:
/// keep it in a field that is not readonly.</summary>
internal struct GateLease(ConnectionGate gate)
{
    private ClientNetwork? _counted;

    /// <summary>Counts the session to its client's address. Called once, before anything is spent on the client.</summary>
    /// <returns><see cref="Refusal.None"/>, or <see cref="Refusal.TooManySessionsFromAddress"/>; the place is still to be given back.
    /// </returns>
    public Refusal Name(IPAddress client)
    {
        if (!gate.TryCount(client, out var key))
            return Refusal.TooManySessionsFromAddress;
        _counted = key;
        return Refusal.None;
    }

    /// <summary>Gives the place back. The holder calls it once.</summary>
    public readonly void Return() => gate.Leave(_counted);
}
