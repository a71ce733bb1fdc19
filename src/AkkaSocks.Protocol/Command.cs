namespace AkkaSocks.Protocol;

/// <summary>CMD (RFC 1928 §4). A request may carry other values; they are read, so that they can be answered.</summary>
public enum Command : byte
{
    /// <summary>X'01' CONNECT.</summary>
    Connect = 0x01,

    /// <summary>X'02' BIND.</summary>
    Bind = 0x02,

    /// <summary>X'03' UDP ASSOCIATE.</summary>
    UdpAssociate = 0x03,

    /// <summary>X'F0' RESOLVE, of Tor's socks-extensions: what addresses has DST.ADDR?</summary>
    Resolve = 0xF0,

    /// <summary>X'F1' RESOLVE_PTR, of Tor's socks-extensions: what name has DST.ADDR?</summary>
    ResolvePtr = 0xF1,
}
