namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>A hash that is the same on every node and in every version: nodes compare what they computed each for themselves.</summary>
internal static class StableHash
{
    // FNV-1a, 64 bits; Mix gives its weak high bits the avalanche it lacks (the finalizer of MurmurHash3).
    private const ulong Offset = 0xCBF29CE484222325;
    private const ulong Prime = 0x00000100000001B3;

    /// <summary>The hash of these bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Offset;
        foreach (var octet in bytes)
            hash = (hash ^ octet) * Prime;
        return Mix(hash);
    }

    /// <summary>The hash of an ASCII text: an address.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = Offset;
        foreach (var letter in text)
            hash = (hash ^ letter) * Prime;
        return Mix(hash);
    }

    /// <summary>Spreads every bit over all others.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
