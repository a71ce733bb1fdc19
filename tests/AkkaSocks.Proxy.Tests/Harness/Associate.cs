using System.Net;
using AkkaSocks.Protocol;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A client with a UDP association: its control connection, and the socket it sends from.</summary>
internal sealed class Associate : IDisposable
{
    private Associate(SocksClient control, IPEndPoint relay)
    {
        Control = control;
        Relay = relay;
        Udp = new UdpEnd(((IPEndPoint)control.Socket.LocalEndPoint!).Address);
    }

    public SocksClient Control { get; }

    /// <summary>Where the proxy has said to send to.</summary>
    public IPEndPoint Relay { get; }

    public UdpEnd Udp { get; }

    /// <summary>Without authentication, DST 0.0.0.0:0.</summary>
    public static async Task<Associate> OpenAsync(IPEndPoint proxy) =>
        await OpenAsync(await SocksClient.ConnectAsync(proxy), [0, 1, 0, 0, 0, 0, 0, 0]);

    /// <summary>Without authentication; the request from RSV on.</summary>
    public static async Task<Associate> OpenAsync(SocksClient control, byte[] rest)
    {
        await control.SendAsync([.. Wire.GreetingWithoutAuthentication, 5, 3, .. rest]);
        await control.ExpectAsync(5, 0);
        var (code, bound) = await control.ReceiveReplyAsync();
        Assert.Equal(ReplyCode.Succeeded, code);
        return new Associate(control, new IPEndPoint(bound.Address!, bound.Port));
    }

    /// <summary>RFC 1928 §7, in octets.</summary>
    public static byte[] Datagram(IPEndPoint destination, byte[] payload) => [0, 0, 0, .. Wire.Address(destination), .. payload];

    /// <summary>The same to a name.</summary>
    public static byte[] Datagram(string name, int port, byte[] payload) =>
        [0, 0, 0, 3, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), (byte)(port >> 8), (byte)port, .. payload];

    public void Send(IPEndPoint destination, params byte[] payload) => Udp.Send(Datagram(destination, payload), Relay);

    /// <summary>These octets next, from the relay.</summary>
    public async Task ExpectAsync(byte[] datagram)
    {
        var (bytes, from) = await Udp.ReceiveAsync();
        Assert.Equal(Convert.ToHexString(datagram), Convert.ToHexString(bytes));
        Assert.Equal(Relay.Port, from.Port);
    }

    /// <summary>A datagram goes to an echo and comes back: the association works.</summary>
    public async Task EchoAsync(UdpEnd echo, params byte[] payload)
    {
        Send(echo.Endpoint, payload);
        await ExpectAsync(Datagram(echo.Endpoint, payload));
    }

    public void Dispose()
    {
        Control.Dispose();
        Udp.Dispose();
    }
}
