namespace AkkaSocks.Protocol;

/// <summary>The server's answer to a <see cref="Greeting"/> (RFC 1928 §3): <c>05 METHOD</c>.</summary>
public static class MethodSelection
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 2;

    /// <summary>Writes the selection.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="method">The selected method, or <see cref="AuthMethod.NoneAcceptable"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, AuthMethod method)
    {
        destination[0] = SocksVersion.Socks5;
        destination[1] = (byte)method;
        return Length;
    }
}
