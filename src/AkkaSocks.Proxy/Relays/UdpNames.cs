namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The names of one association: a table by the octets that the client sends, so that a datagram to a known name costs a look into
/// a table and no text. Bounded on all sides: names, lookups in flight, datagrams and bytes that wait for them.
/// </summary>
/// <param name="maxLookups"><c>udp.max-lookups</c>.</param>
internal sealed class UdpNames(int maxLookups)
{
    /// <summary>Names at once; the one unused for longest makes room.</summary>
    public const int MaxNames = 64;

    /// <summary>Datagrams that wait at once, for all lookups together.</summary>
    public const int MaxHeld = 64;

    /// <summary>Bytes of them.</summary>
    public const int MaxHeldBytes = 128 * 1024;

    private readonly Dictionary<byte[], UdpName> _names = new(OctetsComparer.Instance);
    private int _lookups, _held, _heldBytes;

    /// <summary>The name of these octets, if it is here.</summary>
    public UdpName? Find(ReadOnlySpan<byte> octets) =>
        _names.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(octets, out var name) ? name : null;

    /// <summary>Adds a name, whose lookup is in flight from now on if it needs one.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> octets, UdpName name)
    {
        if (name.State == UdpNameState.Pending && _lookups >= maxLookups)
            return false;
        if (_names.Count >= MaxNames && !TryForgetOldest())
            return false;
        _names[octets.ToArray()] = name;
        if (name.State == UdpNameState.Pending)
            _lookups++;
        return true;
    }

    /// <summary>Starts another lookup of a name.</summary>
    /// <returns>False when too many are in flight.</returns>
    public bool TryLookUpAgain(UdpName name)
    {
        if (_lookups >= maxLookups)
            return false;
        name.State = UdpNameState.Pending;
        _lookups++;
        return true;
    }

    /// <summary>Keeps a datagram until the lookup ends.</summary>
    /// <returns>False when too much is waiting.</returns>
    public bool TryHold(UdpName name, ushort port, ReadOnlySpan<byte> payload)
    {
        if (_held >= MaxHeld || _heldBytes + payload.Length > MaxHeldBytes)
            return false;
        _held++;
        _heldBytes += payload.Length;
        name.Held.Add(new HeldDatagram(port, payload.ToArray()));
        return true;
    }

    /// <summary>A lookup has ended.</summary>
    /// <returns>What waited for it.</returns>
    public HeldDatagram[] End(UdpName name, UdpNameState state, long now)
    {
        name.State = state;
        name.At = now;
        _lookups--;
        var held = name.Held.ToArray();
        name.Held.Clear();
        _held -= held.Length;
        _heldBytes -= held.Sum(it => it.Payload.Length);
        return held;
    }

    /// <summary>Forgets what was not used for a time.</summary>
    public void Forget(long unusedSince)
    {
        foreach (var (octets, name) in _names)
        {
            if (name.State != UdpNameState.Pending && name.At < unusedSince)
                _names.Remove(octets);
        }
    }

    private bool TryForgetOldest()
    {
        var oldest = _names.Where(it => it.Value.State != UdpNameState.Pending).MinBy(it => it.Value.At).Key;
        return oldest is not null && _names.Remove(oldest);
    }

    private sealed class OctetsComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly OctetsComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] octets) => GetHashCode(octets.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> octets)
        {
            var hash = new HashCode();
            hash.AddBytes(octets);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
