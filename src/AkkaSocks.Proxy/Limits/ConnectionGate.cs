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

    private int _sessions;

    /// <summary>Sessions admitted and not over yet.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Admits a connection from <paramref name="client"/>.</summary>
    /// <returns><see cref="Refusal.None"/> with a lease, or why not.</returns>
    public Refusal TryEnter(IPAddress client, out GateLease lease)
    {
        lease = default;
        if (Interlocked.Increment(ref _sessions) > limits.MaxSessions)
        {
            Interlocked.Decrement(ref _sessions);
            return Refusal.TooManySessions;
        }

        var key = ClientNetwork.Of(client);
        var stripe = StripeOf(key);
        lock (stripe)
        {
            var now = stripe.GetValueOrDefault(key);
            if (now < limits.MaxSessionsPerAddress)
            {
                stripe[key] = now + 1;
                lease = new GateLease(this, key);
                return Refusal.None;
            }
        }

        Interlocked.Decrement(ref _sessions);
        return Refusal.TooManySessionsFromAddress;
    }

    internal void Leave(ClientNetwork key)
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

        Interlocked.Decrement(ref _sessions);
    }

    private Dictionary<ClientNetwork, int> StripeOf(ClientNetwork key) => _stripes[(uint)key.GetHashCode() >> 26];
}

/// <summary>A place taken at a <see cref="ConnectionGate"/>.</summary>
internal readonly struct GateLease(ConnectionGate gate, ClientNetwork key)
{
    /// <summary>Gives the place back. The holder calls it once.</summary>
    public void Return() => gate.Leave(key);
}
