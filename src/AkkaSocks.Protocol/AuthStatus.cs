namespace AkkaSocks.Protocol;

/// <summary>The server's answer to <see cref="Credentials"/> (RFC 1929 §2): <c>01 STATUS</c>.</summary>
public static class AuthStatus
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 2;

    /// <summary>Writes the status. One value for every failure, so that its cause cannot be told from the wire.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="success">Whether the user may go on: STATUS 00, otherwise 01.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, bool success)
    {
        destination[0] = SocksVersion.PasswordNegotiation;
        destination[1] = success ? (byte)0x00 : (byte)0x01;
        return Length;
    }
}
