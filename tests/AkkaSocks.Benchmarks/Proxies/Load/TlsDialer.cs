using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Opens connections along a <see cref="Route"/> inside TLS, each with a blocking socket. Handshake of SOCKS5 and request to
/// the origin go out together, as bytes that arrive early must not be lost.</summary>
internal sealed unsafe class TlsDialer(Route route)
{
    private const int SocksAnswer = 12;

    private int _started;

    /// <summary>Connects, and asks the origin.</summary>
    /// <param name="request">What for.</param>
    /// <param name="session">To resume, or 0.</param>
    /// <param name="socket">The socket, the caller's.</param>
    /// <returns>Null when it failed; the socket is closed then.</returns>
    public OpenSsl? Open(OriginRequest request, nint session, out Socket socket)
    {
        var n = Interlocked.Increment(ref _started);
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{1 + (n % Route.Spread)}"), 0));
            socket.Connect(route.Proxy);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        if (OpenSsl.Connect((int)socket.Handle, session) is { } tls)
        {
            if (Ask(tls, request, n))
            {
                return tls;
            }

            tls.Dispose();
        }

        socket.Dispose();
        return null;
    }

    private bool Ask(OpenSsl tls, OriginRequest request, int n)
    {
        var message = stackalloc byte[64];
        var length = 0;
        if (route.Socks)
        {
            var port = route.Destination.Port;
            ReadOnlySpan<byte> socks = [5, 1, 0, 5, 1, 0, 1, 127, 0, 0, (byte)(1 + (n % Route.Spread)), (byte)(port >> 8), (byte)port];
            socks.CopyTo(new Span<byte>(message, 64));
            length = socks.Length;
        }

        *(OriginRequest*)(message + length) = request;
        length += OriginRequest.Size;
        return tls.Write(message, length) == length
            && (!route.Socks || (tls.ReadAll(message, SocksAnswer) && message[1] == 0 && message[3] == 0));
    }
}
