namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// What the passwords of unknown names are verified against, so that the time tells nothing. Users may differ in what their
/// verification costs; an unknown name gets one of those costs, as often as it is found among the known, and a name always the
/// same one, as a user would.
/// </summary>
/// <remarks>
/// By weighted rendezvous hashing: each cost draws a number from the name, stretched by its count, and the highest wins. When
/// users come and go, hardly a name changes its cost. Counting is O(1); changes take turns, choosing needs no lock.
/// </remarks>
internal sealed class DecoyPasswords
{
    private static readonly PasswordHash WithoutUsers = PasswordHash.Decoy(PasswordCost.ForNewHashes);

    private readonly Dictionary<PasswordCost, Choice> _byCost = [];
    private Choice[] _choices = [];

    private sealed class Choice(PasswordCost cost)
    {
        private readonly ulong _seed = Mix(((ulong)cost.Algorithm << 62) ^ ((ulong)cost.MemoryKiB << 32) ^ (uint)cost.Iterations);
        private int _users;

        public PasswordHash Password { get; } = PasswordHash.Decoy(cost);

        public void Add(int users) => Volatile.Write(ref _users, _users + users);

        /// <summary>Users / -ln(u), with u drawn from (0, 1) by name and cost: with more users likelier the highest.</summary>
        public double Draw(ulong name) =>
            Volatile.Read(ref _users) / -Math.Log(((Mix(name ^ _seed) >> 11) + 0.5) / (1UL << 53));
    }

    /// <summary>A record takes the place of another, or of none.</summary>
    public void Count(UserRecord? old, UserRecord record)
    {
        Add(old, -1);
        Add(record, 1);
    }

    /// <summary>The decoy of an unknown name.</summary>
    /// <param name="name">A keyed hash of the name: whoever could compute it would know which names are unknown.</param>
    public PasswordHash For(ulong name)
    {
        var (best, highest) = (WithoutUsers, 0.0);
        foreach (var choice in Volatile.Read(ref _choices))
        {
            if (choice.Draw(name) is var drawn && drawn > highest)
                (best, highest) = (choice.Password, drawn);
        }

        return best;
    }

    private void Add(UserRecord? user, int count)
    {
        if (user is null or { Deleted: true } || !PasswordHash.TryParse(user.Password, out var password, out _))
            return;
        if (!_byCost.TryGetValue(password.Cost, out var choice))
        {
            _byCost.Add(password.Cost, choice = new Choice(password.Cost));
            Volatile.Write(ref _choices, [.. _choices, choice]);
        }

        choice.Add(count);
    }

    // The finalizer of SplitMix64.
    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
