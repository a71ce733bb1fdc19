using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A destination that answers each datagram by one, until it is disposed of.</summary>
internal sealed class UdpEcho : IDisposable
{
    private readonly Socket _socket;

    private UdpEcho(Socket socket) => _socket = socket;

    public IPEndPoint Endpoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Starts one.</summary>
    /// <param name="answer">What it answers to a datagram; null for the same.</param>
    /// <param name="address">Where; null for loopback of IPv4.</param>
    /// <param name="network">In which network; null for this process's.</param>
    public static UdpEcho Start(Func<byte[], byte[]>? answer = null, IPAddress? address = null, NetworkNamespace? network = null)
    {
        var echo = new UdpEcho(NetworkNamespace.Within(network, () =>
        {
            var at = address ?? IPAddress.Loopback;
            var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(at, 0));
            return socket;
        }));
        _ = echo.ServeAsync(answer ?? (static datagram => datagram));
        return echo;
    }

    private async Task ServeAsync(Func<byte[], byte[]> answer)
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                var got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, Endpoint);
                await _socket.SendToAsync(answer(buffer[..got.ReceivedBytes]), SocketFlags.None, got.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    public void Dispose() => _socket.Dispose();
}
