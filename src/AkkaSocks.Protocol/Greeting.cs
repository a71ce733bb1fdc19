namespace AkkaSocks.Protocol;

/// <summary>
/// A client's first message (RFC 1928 §3): the authentication methods it offers, in no order that matters to us.
/// </summary>
/// <remarks>
/// <code>
/// +-----+----------+----------+
/// | VER | NMETHODS | METHODS  |
/// |  1  |    1     | 0 to 255 |
/// +-----+----------+----------+
/// </code>
/// </remarks>
public readonly struct Greeting
{
    /// <summary>Length in bytes of a greeting with 255 methods.</summary>
    public const int MaxLength = 2 + byte.MaxValue;

    // One bit for each of the 256 methods: any number of offers, repeated or not, fits without an allocation.
    private readonly UInt128 _low;
    private readonly UInt128 _high;

    private Greeting(UInt128 low, UInt128 high) => (_low, _high) = (low, high);

    /// <summary>Whether the client offers this method. Never true for <see cref="AuthMethod.NoneAcceptable"/>.</summary>
    public bool Offers(AuthMethod method) =>
        method != AuthMethod.NoneAcceptable && ((Half(method) >> BitOf((byte)method)) & 1) == 1;

    /// <summary>Reads a greeting from the start of <paramref name="source"/>.</summary>
    /// <param name="source">All bytes received and not yet consumed.</param>
    /// <param name="greeting">The greeting, when <see cref="DecodeStatus.Done"/>. One without methods offers nothing.</param>
    /// <param name="length">Bytes consumed.</param>
    /// <returns><see cref="DecodeStatus.Malformed"/> when VER is not 05.</returns>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out Greeting greeting, out int length)
    {
        greeting = default;
        length = 0;
        if (source.IsEmpty)
            return DecodeStatus.NeedMore;

        if (source[0] != SocksVersion.Socks5)
        {
            length = 1;
            return DecodeStatus.Malformed;
        }

        if (source.Length < 2 || source.Length < 2 + source[1])
            return DecodeStatus.NeedMore;

        UInt128 low = 0, high = 0;
        foreach (byte method in source.Slice(2, source[1]))
        {
            if (method < 128)
                low |= UInt128.One << BitOf(method);
            else
                high |= UInt128.One << BitOf(method);
        }

        greeting = new Greeting(low, high);
        length = 2 + source[1];
        return DecodeStatus.Done;
    }

    private UInt128 Half(AuthMethod method) => (byte)method < 128 ? _low : _high;

    private static int BitOf(byte method) => method & 127;
}
