namespace AkkaSocks.Protocol;

/// <summary>ATYP (RFC 1928 §5).</summary>
internal enum AddressType : byte
{
    /// <summary>X'01' four octets.</summary>
    IPv4 = 0x01,

    /// <summary>X'03' one octet of length, then that many octets of name, with no terminating NUL.</summary>
    DomainName = 0x03,

    /// <summary>X'04' sixteen octets.</summary>
    IPv6 = 0x04,
}
