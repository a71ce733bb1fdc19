using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>A snapshot whose parts are arriving, in any order.</summary>
internal sealed class SnapshotAssembly
{
    private readonly ImmutableArray<LedgerEntry>?[] _parts;
    private readonly long _sequence;

    /// <summary>Begins with the snapshot that this is a part of.</summary>
    public SnapshotAssembly(LedgerSnapshot part) => (_parts, _sequence) = (new ImmutableArray<LedgerEntry>?[part.Parts], part.Sequence);

    /// <summary>All entries.</summary>
    public IEnumerable<LedgerEntry> Entries => _parts.SelectMany(part => part!.Value);

    /// <summary>Whether a part is of a later snapshot.</summary>
    public bool IsOlderThan(LedgerSnapshot part) => part.Sequence > _sequence;

    /// <summary>Adds a part; one of another snapshot is passed over.</summary>
    /// <returns>True when all parts are there.</returns>
    public bool Add(LedgerSnapshot part)
    {
        if (part.Sequence != _sequence || part.Parts != _parts.Length)
            return false;
        _parts[part.Part] = part.Entries;
        return Array.TrueForAll(_parts, entries => entries is not null);
    }
}
