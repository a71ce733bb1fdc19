using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Protocol;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Hosting;

/// <summary>The whole executable with its admin API.</summary>
public sealed class NodeHostTests
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_running_node_is_managed_through_its_admin_api()
    {
        var token = ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token);
        using var process = AkkaSocksProcess.Start(["-p", "0"], token);
        var (_, admin) = await EndpointsAsync(process);
        string[] where = ["--admin", $"http://{admin}"];

        Assert.Equal(0, (await AkkaSocksProcess.RunAsync(["healthcheck", "--ready", .. where])).ExitCode);
        foreach (var verb in new[] { "nodes", "sessions" })
            Assert.Equal(0, (await AkkaSocksProcess.RunAsync([verb, .. where], "", token)).ExitCode);
        Assert.Equal(0, (await AkkaSocksProcess.RunAsync(["user", "list", .. where], "", token)).ExitCode);
        Assert.Equal(1, (await AkkaSocksProcess.RunAsync(["user", "show", "nobody", .. where], "", token)).ExitCode);

        process.Signal(SigTerm);
        Assert.Equal(new(0, "", ""), await process.EndAsync());
    }

    [Fact]
    public async Task No_client_gets_to_the_admin_api_through_the_proxy()
    {
        using var process = AkkaSocksProcess.Start(["-p", "0"]);
        var (socks, admin) = await EndpointsAsync(process);

        foreach (var address in new[] { IPAddress.Loopback, IPAddress.Parse("::ffff:127.0.0.1") })
            Assert.Equal(ReplyCode.NotAllowed, await ConnectAsync(socks, Destination.OfAddress(address, (ushort)admin.Port)));
        Assert.True(Destination.TryOfName("localhost"u8, (ushort)admin.Port, out var byName));
        Assert.NotEqual(ReplyCode.Succeeded, await ConnectAsync(socks, byName));

        // That it is there, and that the proxy reaches what else listens on loopback.
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = (ushort)((IPEndPoint)other.LocalEndpoint).Port;
        Assert.Equal(ReplyCode.Succeeded, await ConnectAsync(socks, Destination.OfAddress(IPAddress.Loopback, port)));
        Assert.Equal(0, (await AkkaSocksProcess.RunAsync(["healthcheck", "--admin", $"http://{admin}"])).ExitCode);
        process.Signal(SigTerm);
        await process.EndAsync();
    }

    [Fact]
    public async Task An_empty_endpoint_turns_the_admin_api_off()
    {
        using var process = AkkaSocksProcess.Start(["-p", "0"], ("AKKASOCKS__ADMIN__ENDPOINT", ""));
        await process.NextLineAsync();
        await process.NextLineAsync();

        process.Signal(SigTerm);

        Assert.Equal(new(0, "", ""), await process.EndAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(AdminNode.Token)]
    public async Task A_taken_port_stops_the_start_only_of_a_node_that_is_to_be_managed(string? token)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        other.Start();
        const string Why = "another process listens there; stop it, or choose another admin.endpoint (\"\" for none)";
        using var process = AkkaSocksProcess.Start(
            ["-p", "0"], ("AKKASOCKS__ADMIN__ENDPOINT", $"{other.LocalEndpoint}"), ("AKKASOCKS_ADMIN_TOKEN", token ?? ""));

        if (token is null)
        {
            Assert.StartsWith("akkasocks listens on", await process.NextLineAsync());
            process.Signal(SigTerm);
        }

        var outcome = await process.EndAsync();
        Assert.Equal(token is null ? 0 : 1, outcome.ExitCode);
        var after = token is null ? "; it runs without" : "";
        Assert.Equal($"akkasocks: the admin API cannot have {other.LocalEndpoint}: {Why}{after}\n", outcome.Errors);
    }

    [Fact]
    public async Task A_weak_token_stops_the_start_and_is_not_repeated()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["-p", "0"], "", ("AKKASOCKS_ADMIN_TOKEN", "hunter2"));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("akkasocks.admin.token: expected from 43", outcome.Errors);
        Assert.DoesNotContain("hunter2", outcome.Errors);
    }

    private static async Task<(IPEndPoint Socks, IPEndPoint Admin)> EndpointsAsync(AkkaSocksProcess process)
    {
        var socks = Regex.Match(await process.NextLineAsync(), @"^akkasocks listens on (\S+) ").Groups[1].Value;
        await process.NextLineAsync();
        var admin = Regex.Match(await process.NextLineAsync(), @"^admin API on http://(\S+)").Groups[1].Value;
        return (IPEndPoint.Parse(socks), IPEndPoint.Parse(admin));
    }

    private static async Task<ReplyCode> ConnectAsync(IPEndPoint socks, Destination destination)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(socks);
        var stream = client.GetStream();
        var request = new byte[Request.MaxLength];
        await stream.WriteAsync(new byte[] { 5, 1, 0 });
        await stream.ReadExactlyAsync(new byte[2]).AsTask().WaitAsync(Patience);
        await stream.WriteAsync(request.AsMemory(0, Request.Write(request, Command.Connect, destination)));
        var reply = new byte[2];
        await stream.ReadExactlyAsync(reply).AsTask().WaitAsync(Patience);
        return (ReplyCode)reply[1];
    }
}
