namespace AkkaSocks.Protocol;

/// <summary>METHOD (RFC 1928 §3). A client may offer other values; they are never selected.</summary>
public enum AuthMethod : byte
{
    /// <summary>X'00' no authentication required.</summary>
    None = 0x00,

    /// <summary>X'01' GSSAPI.</summary>
    GssApi = 0x01,

    /// <summary>X'02' username/password (RFC 1929).</summary>
    Password = 0x02,

    /// <summary>X'FF' no acceptable methods: an answer only, never an offer.</summary>
    NoneAcceptable = 0xFF,
}
