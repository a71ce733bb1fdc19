namespace AkkaSocks.Proxy.Rules;

/// <summary>
/// Datagrams to services that answer a small question with a large answer and believe any sender: abused through a proxy, the
/// victim is whoever the client says it is. No client of a proxy needs them.
/// </summary>
internal static class UdpAmplifiers
{
    private const int Ntp = 123;

    // The mode is the low three bits of the first byte: 6 is control (ntpq), 7 private (ntpdc, with monlist). RFC 9327 §2.
    private const int ModeMask = 7, ControlMode = 6;

    /// <summary>Whether a datagram with this payload may not go to this port.</summary>
    public static bool Contains(int port, ReadOnlySpan<byte> payload) => port switch
    {
        7 => true, // echo
        17 => true, // quote of the day
        19 => true, // character generator
        389 => true, // CLDAP
        1900 => true, // SSDP
        11211 => true, // memcached
        Ntp => !payload.IsEmpty && (payload[0] & ModeMask) >= ControlMode,
        _ => false,
    };
}
