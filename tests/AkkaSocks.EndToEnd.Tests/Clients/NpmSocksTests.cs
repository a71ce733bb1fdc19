using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>The client that most programs on Node.js have, npm's <c>socks</c>, as its README uses it. Long, since the package comes from
/// the registry of npm.</summary>
public sealed class NpmSocksTests : IDisposable
{
    /// <summary>Sends "hello" by one command and prints what comes back; of BIND first the port that is to be called.</summary>
    private const string Program = """
        const { SocksClient } = require('socks'), dgram = require('dgram');
        const [command, proxy, port] = process.argv.slice(2);
        const client = new SocksClient({
          proxy: { host: '127.0.0.1', port: +proxy, type: 5 }, command,
          destination: command === 'connect' ? { host: '127.0.0.1', port: +port } : { host: '0.0.0.0', port: 0 },
        });
        client.on('error', error => { console.error(error.message); process.exit(1); });
        client.on('bound', info => console.log(info.remoteHost.port));
        client.on('established', info => {
          if (command !== 'associate') {
            info.socket.on('data', data => { console.log(`${data}`); info.socket.end(); });
            info.socket.resume();
            info.socket.write('hello');
            return;
          }
          const udp = dgram.createSocket('udp4');
          udp.on('message', message => {
            const frame = SocksClient.parseUDPFrame(message);
            console.log(`${frame.data} of ${frame.remoteHost.host}:${frame.remoteHost.port}`);
            process.exit(0);
          });
          const frame = SocksClient.createUDPFrame({ remoteHost: { host: '127.0.0.1', port: +port }, data: Buffer.from('hello') });
          udp.send(frame, info.remoteHost.port, info.remoteHost.host);
        });
        client.connect();
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-npm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [LongFact("node", "npm"), Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task It_connects_is_called_and_sends_datagrams()
    {
        var npm = await Tool.RunAsync("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", _folder.FullName, "socks@2");
        Assert.Equal((0, ""), (npm.ExitCode, npm.Errors));
        var script = Path.Combine(_folder.FullName, "client.js");
        await File.WriteAllTextAsync(script, Program);
        using var proxy = await RunningProxy.StartAsync("akkasocks.bind { enabled = on, allow-any-peer = on }");

        using (var origin = Origin.Echo())
            Assert.Equal((0, "hello\n", ""), await RunAsync("connect", origin.Endpoint));

        using (var echo = UdpEcho.Start())
            Assert.Equal((0, $"hello of {echo.Endpoint}\n", ""), await RunAsync("associate", echo.Endpoint));

        using (var node = Tool.Start("node", script, "bind", $"{proxy.Endpoint.Port}", "0"))
        {
            var port = int.Parse((await node.StandardOutput.ReadLineAsync().InTime())!);
            using var caller = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await caller.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)).InTime();
            var buffer = new byte[100];
            var got = await caller.ReceiveAsync(buffer).InTime();
            await caller.SendAllAsync(buffer.AsMemory(0, got)).InTime();
            Assert.Equal("hello", await node.StandardOutput.ReadLineAsync().InTime());
            caller.Shutdown(SocketShutdown.Send);
            await node.WaitForExitAsync().InTime();
            Assert.Equal((0, ""), (node.ExitCode, await node.StandardError.ReadToEndAsync().InTime()));
        }

        var sessions = await proxy.SessionsAsync(3);
        Assert.Equal(["connect", "udpassociate", "bind"], sessions.Select(it => it.GetProperty("command").GetString()));
        Assert.All(sessions, it => Assert.Equal(5, it.GetProperty("clientToDestination").GetInt64()));
        await proxy.StopWithoutComplaintAsync();

        async Task<(int, string, string)> RunAsync(string command, IPEndPoint destination)
        {
            var outcome = await Tool.RunAsync("node", script, command, $"{proxy.Endpoint.Port}", $"{destination.Port}");
            return (outcome.ExitCode, outcome.Text, outcome.Errors);
        }
    }
}
