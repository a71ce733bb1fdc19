using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// How many sessions each user has on this node, counted where they start and end, on any thread. The registry takes what
/// changed into its <see cref="SessionLedger"/> when it decides or tells others.
/// </summary>
/// <remarks>Called for every session that logs in, so the users are striped over 16 locks.</remarks>
internal sealed class OwnSessions
{
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, 16).Select(_ => new Stripe())];
    private int _isDirty;

    private sealed class Stripe
    {
        public Dictionary<UserName, int> Counts { get; } = [];

        public HashSet<UserName> Changed { get; set; } = [];
    }

    /// <summary>Called at the first change since the last <see cref="DrainInto"/>, on the thread that made it.</summary>
    public Action? OnDirty { get; set; }

    /// <summary>Sessions of a user on this node now.</summary>
    public int this[UserName user]
    {
        get
        {
            var stripe = StripeOf(user);
            lock (stripe)
                return stripe.Counts.GetValueOrDefault(user);
        }
    }

    /// <summary>A session of a user has started.</summary>
    public void Enter(UserName user) => Add(user, 1);

    /// <summary>A session of a user is over.</summary>
    public void Leave(UserName user) => Add(user, -1);

    /// <summary>Enters what changed since the last call.</summary>
    public void DrainInto(SessionLedger ledger)
    {
        if (Interlocked.Exchange(ref _isDirty, 0) == 0)
            return;
        foreach (var stripe in _stripes)
        {
            HashSet<UserName> changed;
            lock (stripe)
            {
                if (stripe.Changed.Count == 0)
                    continue;
                (changed, stripe.Changed) = (stripe.Changed, []);
            }

            foreach (var user in changed)
                ledger.SetOwn(user, this[user]);
        }
    }

    private void Add(UserName user, int difference)
    {
        var stripe = StripeOf(user);
        lock (stripe)
        {
            var sessions = stripe.Counts.GetValueOrDefault(user) + difference;
            if (sessions == 0)
                stripe.Counts.Remove(user);
            else
                stripe.Counts[user] = sessions;
            stripe.Changed.Add(user);
        }

        if (Volatile.Read(ref _isDirty) == 0 && Interlocked.Exchange(ref _isDirty, 1) == 0)
            OnDirty?.Invoke();
    }

    private Stripe StripeOf(UserName user) => _stripes[user.GetHashCode() & (_stripes.Length - 1)];
}
