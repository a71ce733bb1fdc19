using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>Dante's client, which makes any program one of SOCKS: a program that knows nothing of it sends its datagrams through an
/// association. Long, for it needs a network of its own: on loopback socksify goes round every proxy.</summary>
public sealed class SocksifyTests : IDisposable
{
    private const string Proxy = "10.79.0.2", Destination = "10.79.1.1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-socksify-");

    public void Dispose() => _folder.Delete(recursive: true);

    [LongFact("ip", "socksify", "nc.openbsd"), Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task What_netcat_sends_by_UDP_comes_back()
    {
        using var clients = new NetworkNamespace($"akkasocks-{Environment.ProcessId}-socksify");
        using var beyond = new NetworkNamespace($"akkasocks-{Environment.ProcessId}-beyond", clients);
        clients.RunHere("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", beyond.Name);
        clients.RunHere("ip", "address", "add", "10.79.0.1/24", "dev", "eth0");
        clients.RunHere("ip", "link", "set", "eth0", "up");
        beyond.RunHere("ip", "address", "add", $"{Proxy}/24", "dev", "eth0");
        beyond.RunHere("ip", "address", "add", $"{Destination}/32", "dev", "lo");
        beyond.RunHere("ip", "link", "set", "eth0", "up");
        var route = Path.Combine(_folder.FullName, "socks.conf");
        await File.WriteAllTextAsync(route, $$"""
            route {
              from: 0.0.0.0/0 to: 0.0.0.0/0 via: {{Proxy}} port = 1080
              proxyprotocol: socks_v5
              command: connect udpassociate
              protocol: tcp udp
              method: none
            }

            """);
        using var proxy = await RunningProxy.StartUnderAsync(beyond.Launcher, $$"""
            akkasocks {
              listeners.main.endpoint = "{{Proxy}}:1080"
              auth.allow-open-proxy = on
              egress.allow = ["{{Destination}}/32"]
            }
            """);
        using var echo = UdpEcho.Start(address: IPAddress.Parse(Destination), network: beyond);

        var netcat = await Tool.RunAsync(
            "ip",
            [
                .. clients.Launcher[1..], "env", $"SOCKS_CONF={route}", "SOCKS_AUTOADD_LANROUTES=no",
                "socksify", "nc.openbsd", "-u", "-W", "1", Destination, $"{echo.Endpoint.Port}",
            ],
            "hello"u8.ToArray());

        Assert.Equal((0, "hello", ""), (netcat.ExitCode, netcat.Text, netcat.Errors));
        var session = Assert.Single(await proxy.SessionsAsync(1));
        Assert.Equal(
            ("udpassociate", 5, 5),
            (session.GetProperty("command").GetString(), session.GetProperty("clientToDestination").GetInt64(),
                session.GetProperty("destinationToClient").GetInt64()));
        await proxy.StopWithoutComplaintAsync();
    }
}
