namespace AkkaSocks.Protocol;

/// <summary>The VER octets on the wire.</summary>
internal static class SocksVersion
{
    /// <summary>VN of a SOCKS4 request.</summary>
    public const byte Socks4 = 0x04;

    /// <summary>VER of every SOCKS5 message (RFC 1928 §3).</summary>
    public const byte Socks5 = 0x05;

    /// <summary>VER of the username/password subnegotiation (RFC 1929 §2): its own version, not that of SOCKS.</summary>
    public const byte PasswordNegotiation = 0x01;
}
