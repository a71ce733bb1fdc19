using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions.Handshakes;

/// <summary>Which protocol a client speaks, by its first byte.</summary>
internal static class HandshakeChoice
{
    private const byte Socks4Version = 0x04, Socks5Version = 0x05;

    /// <summary>The handshake that begins with this byte.</summary>
    /// <param name="first">The first byte a client has sent.</param>
    /// <param name="listener">For the protocols it offers.</param>
    /// <param name="accepted">The authentication methods that may be selected.</param>
    /// <returns>Null when the listener offers no protocol that begins so: the client is closed without a word, since nobody knows
    /// in which language to say it.</returns>
    public static Handshake? Of(byte first, ListenerSettings listener, ImmutableArray<AcceptedMethod> accepted) => first switch
    {
        Socks5Version when listener.Protocols.Contains(ListenerProtocol.Socks5) => new Socks5Handshake(accepted),
        Socks4Version when listener.Protocols.Contains(ListenerProtocol.Socks4) => new Socks4Handshake(accepted),
        (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z')
            when listener.Protocols.Contains(ListenerProtocol.Http) => new HttpHandshake(accepted),
        _ => null,
    };
}
