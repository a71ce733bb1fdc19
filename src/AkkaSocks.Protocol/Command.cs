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
}
