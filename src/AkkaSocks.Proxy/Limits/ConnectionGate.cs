using System.Net;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// Admission of connections, before anything is spent on them: <see cref="ProxyLimits.MaxSessions"/> and
/// <see cref="ProxyLimits.MaxSessionsPerAddress"/>. A lease is given back exactly once, when the session is over.
/// </summary>
/// <remarks>Called by every loop for every connection, so the addresses are striped over 64 locks.</remarks>
internal sealed class ConnectionGate(ProxyLimits limits)
{
    private readonly Dictionary<ClientNetwork, int>[] _stripes =
        [.. Enumerable.Range(0, 64).Select(_ => new Dictionary<ClientNetwork, int>())];

    private volatile ProxyLimits _limits = limits;
    private int _sessions;

    /// <summary>What it holds to. Other limits count for whoever comes from then on: nobody is turned out.</summary>
    public ProxyLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }

    /// <summary>Sessions admitted and not over yet.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

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
        if (IsTooMany(Interlocked.Increment(ref _sessions)))
        {
            Interlocked.Decrement(ref _sessions);
            return Refusal.TooManySessions;
        }

        lease = new GateLease(this);
        return Refusal.None;
    }

    /// <summary>Why a connection from there would not be admitted now. Takes no place.</summary>
    /// <param name="client">Null when the address is not known: then it is not looked at.</param>
    public Refusal Objection(IPAddress? client) =>
        IsTooMany(Sessions + 1) ? Refusal.TooManySessions
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

        Interlocked.Decrement(ref _sessions);
    }

    private bool IsTooMany(int sessions) => sessions > _limits.MaxSessions;

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
