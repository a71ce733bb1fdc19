using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A UDP socket of the test: a client's, a destination's or a stranger's.</summary>
internal sealed class UdpEnd : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65_536];

    public UdpEnd(IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1024 * 1024 };
        _socket.Bind(new IPEndPoint(address, 0));
    }

    public IPEndPoint Endpoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>True when a datagram has come.</summary>
    public bool HasReceived => _socket.Poll(0, SelectMode.SelectRead);

    public void Send(byte[] bytes, IPEndPoint to) => _socket.SendTo(bytes, to);

    /// <summary>Sends datagrams of this length, the last one maybe shorter, in one call (Linux: UDP_SEGMENT), as QUIC stacks do.</summary>
    public void SendRun(byte[] bytes, int each, IPEndPoint to)
    {
        const int udp = 17, udpSegment = 103;
        _socket.SetRawSocketOption(udp, udpSegment, BitConverter.GetBytes(each));
        _socket.SendTo(bytes, to);
        _socket.SetRawSocketOption(udp, udpSegment, BitConverter.GetBytes(0));
    }

    /// <summary>The next datagram.</summary>
    public async Task<(byte[] Bytes, IPEndPoint From)> ReceiveAsync()
    {
        var got = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, new IPEndPoint(Endpoint.Address, 0)).InTime();
        return (_buffer[..got.ReceivedBytes], (IPEndPoint)got.RemoteEndPoint);
    }

    /// <summary>Sends back whatever comes, to whoever sent it, until it is disposed of.</summary>
    public static UdpEnd Echo(IPAddress? address = null)
    {
        var echo = new UdpEnd(address);
        _ = echo.EchoAsync();
        return echo;
    }

    private async Task EchoAsync()
    {
        try
        {
            while (true)
            {
                var got = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, new IPEndPoint(Endpoint.Address, 0));
                await _socket.SendToAsync(_buffer.AsMemory(0, got.ReceivedBytes), SocketFlags.None, got.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    public void Dispose() => _socket.Dispose();
}
