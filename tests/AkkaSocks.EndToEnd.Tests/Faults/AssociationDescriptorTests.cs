using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>As many UDP associations as <c>max-sessions = auto</c> lets in, each with all the sockets that one can have.</summary>
[Collection(Alone.Name)]
public sealed class AssociationDescriptorTests
{
    private const int Descriptors = 1200, OfTheNode = 512, Reserved = 64, MostOfOne = 4;

    [NeedsToolTheory("prlimit")]
    [MemberData(nameof(Transports))]
    public async Task The_limit_is_reached_before_the_descriptors_run_out(Engine engine)
    {
        using UdpEcho ipv4 = UdpEcho.Start(), ipv6 = UdpEcho.Start(address: IPAddress.IPv6Loopback);
        using var proxy = await RunningProxy.StartUnderAsync(
            ["prlimit", $"--nofile={Descriptors}"], engine.ToHocon(), "akkasocks.udp.destination-idle-timeout = 10m");
        const int most = (Descriptors - OfTheNode) / MostOfOne;
        var clients = new List<SocksClient>();
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            for (var i = 0; i < most; i++)
            {
                var (code, relay) = await AssociateAsync();
                Assert.Equal(0, code);

                // The sender's port is that of the first datagram; an answer shows that the socket is there.
                foreach (var destination in new[] { ipv4.Endpoint, ipv6.Endpoint })
                    await EchoAsync(sender, relay, destination);
            }

            Assert.InRange(proxy.Figures.Descriptors, most * MostOfOne, Descriptors - Reserved - 1);

            // All places are taken: the next one is closed at once, as the limit has it.
            using var late = await SocksClient.ConnectAsync(proxy.Endpoint);
            await late.EndAsync();
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }

        await proxy.SessionsAsync(most + 1);

        // No listener had to pause, and nothing else was complained of.
        await proxy.StopWithoutComplaintAsync();

        async Task<(byte Code, IPEndPoint Relay)> AssociateAsync()
        {
            var client = await SocksClient.ConnectAsync(proxy.Endpoint);
            clients.Add(client);
            await client.GreetAsync();
            await client.SendAsync([5, 3, 0, 1, 0, 0, 0, 0, 0, 0]);
            var reply = await client.ReceiveAsync(10);
            return (reply[1], new IPEndPoint(new IPAddress(reply[4..8]), (reply[8] << 8) | reply[9]));
        }
    }

    public static TheoryData<Engine> Transports => Engines.Transports;

    private static async Task EchoAsync(Socket sender, IPEndPoint relay, IPEndPoint destination)
    {
        var address = destination.Address.GetAddressBytes();
        byte[] datagram =
        [
            0, 0, 0, (byte)(address.Length == 4 ? 1 : 4), .. address, (byte)(destination.Port >> 8), (byte)destination.Port, 42,
        ];
        await sender.SendToAsync(datagram, SocketFlags.None, relay).InTime();
        var answer = new byte[64];
        var got = await sender.ReceiveFromAsync(answer, SocketFlags.None, relay).InTime();
        Assert.Equal(Convert.ToHexString(datagram), Convert.ToHexString(answer[..got.ReceivedBytes]));
    }
}
