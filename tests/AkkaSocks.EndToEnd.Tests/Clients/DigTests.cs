using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>dig through a UDP association, which a small client holds for it: as resolvers with a SOCKS setting do.</summary>
public sealed class DigTests
{
    private static readonly byte[] Header = [0, 0, 0];

    [NeedsToolFact("dig")]
    public async Task It_learns_an_address_and_the_relay_names_the_server_that_has_answered()
    {
        using var proxy = await RunningProxy.StartAsync();
        using var server = UdpEcho.Start(AnswerWithAnAddress);
        using var control = await SocksClient.ConnectAsync(proxy.Endpoint);
        await control.GreetAsync();
        await control.SendAsync([5, 3, 0, 1, 0, 0, 0, 0, 0, 0]);
        await control.ExpectAsync([5, 0, 0, 1, 127, 0, 0, 1]);
        var port = await control.ReceiveAsync(2);
        byte[] header = [.. Header, 1, .. server.Endpoint.Address.GetAddressBytes(), (byte)(server.Endpoint.Port >> 8), (byte)server.Endpoint.Port];
        using var relay = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await relay.ConnectAsync(new IPEndPoint(IPAddress.Loopback, (port[0] << 8) | port[1]));
        using var shim = UdpEcho.Start(question =>
        {
            var answer = new byte[65_536];
            relay.Send([.. header, .. question]);
            var length = relay.Receive(answer);
            Assert.Equal(header, answer[..header.Length]);
            return answer[header.Length..length];
        });

        var dig = await Tool.RunAsync(
            "dig", "+short", "+tries=1", "+time=20", "-p", $"{shim.Endpoint.Port}", $"@{shim.Endpoint.Address}", "example.test", "A");

        Assert.Equal((0, "198.51.100.7\n", ""), (dig.ExitCode, dig.Text, dig.Errors));
        control.Dispose();
        Assert.Equal("completed", Assert.Single(await proxy.SessionsAsync(1)).GetProperty("end").GetString());
        await proxy.StopWithoutComplaintAsync();
    }

    /// <summary>A DNS answer (RFC 1035 §4.1): the question, and one record that points back to its name.</summary>
    private static byte[] AnswerWithAnAddress(byte[] question)
    {
        var end = 12;
        while (question[end] != 0)
            end += question[end] + 1;
        return
        [
            .. question[..2], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0,
            .. question[12..(end + 5)],
            0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 7,
        ];
    }
}
