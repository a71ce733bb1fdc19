using System.Globalization;
using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Processes;

public sealed class SessionLogTests
{
    private const string HostileName = "a\r\n2026-01-01 INFO login ok user=root\x1b[2J\0\"}<script>\u00e9";

    private const string HostileNameEscaped =
        """a\x0d\x0a2026-01-01\x20INFO\x20login\x20ok\x20user=root\x1b[2J\x00"}<script>\xe9""";

    [Fact]
    public async Task A_line_says_all_of_a_session_that_was_relayed()
    {
        using var origin = Origin.Echo();
        using var proxy = await RunningProxy.StartAsync(User.Hocon, "akkasocks.node.name = some-node");
        EndPoint clientEndpoint;
        var before = DateTimeOffset.UtcNow;
        using (var client = await SocksClient.ConnectAsync(proxy.Endpoint))
        {
            clientEndpoint = client.Socket.LocalEndPoint!;
            await client.LogInAsync();
            await client.SendAsync(SocksClient.Connect("localhost", origin.Endpoint.Port));
            await client.ExpectAsync([5, 0, 0, 1]);
            await client.ReceiveAsync(6);
            await client.SendAsync(new byte[12_345]);
            await client.ReceiveAsync(12_345);
        }

        var line = await proxy.SessionToAsync(origin.Endpoint.Port);

        string Text(string name) => line.GetProperty(name).GetString()!;
        long Number(string name) => line.GetProperty(name).GetInt64();
        Assert.Equal(
            [
                "time", "session", "node", "listener", "client", "user", "protocol", "command", "destination", "address", "reply",
                "end", "clientToDestination", "destinationToClient", "handshakeMs", "connectMs", "durationMs",
            ],
            line.EnumerateObject().Select(property => property.Name));
        Assert.Matches("^[0-9a-z]{13}$", Text("session"));
        Assert.Equal(("some-node", "main"), (Text("node"), Text("listener")));
        Assert.Equal((clientEndpoint.ToString(), User.Name), (Text("client"), Text("user")));
        Assert.Equal(("socks5", "connect"), (Text("protocol"), Text("command")));
        Assert.Equal(
            ($"localhost:{origin.Endpoint.Port}", $"127.0.0.1:{origin.Endpoint.Port}"), (Text("destination"), Text("address")));
        Assert.Equal((0, "completed"), (Number("reply"), Text("end")));
        Assert.Equal((12_345, 12_345), (Number("clientToDestination"), Number("destinationToClient")));
        Assert.EndsWith("Z", Text("time"));
        var ended = DateTimeOffset.Parse(Text("time"), CultureInfo.InvariantCulture);
        var clockTick = TimeSpan.FromMilliseconds(50);
        Assert.InRange(ended, before - clockTick, DateTimeOffset.UtcNow + clockTick);
        Assert.InRange(Number("handshakeMs") + Number("connectMs"), 0, Number("durationMs"));
        Assert.InRange(Number("durationMs"), 0, (long)(DateTimeOffset.UtcNow - before + clockTick).TotalMilliseconds);
    }

    [Fact]
    public async Task A_hostile_user_name_and_destination_are_escaped_in_json()
    {
        using var proxy = await RunningProxy.StartAsync(User.Hocon);

        await LogInWithHostileName(proxy);
        await AskForHostileDestination(proxy);

        var sessions = await proxy.SessionsAsync(2);
        Assert.Equal(HostileNameEscaped, sessions[0].GetProperty("user").GetString());
        Assert.Equal("bad-credentials", sessions[0].GetProperty("refusal").GetString());
        Assert.Equal("bad-destination-name", sessions[1].GetProperty("refusal").GetString());
        AssertPlain(await File.ReadAllBytesAsync(proxy.SessionLog), lines: 2);
        await proxy.StopWithoutComplaintAsync();
    }

    [Fact]
    public async Task A_hostile_user_name_and_destination_are_escaped_in_text_on_standard_output()
    {
        using var proxy = await RunningProxy.StartAsync(User.Hocon, """akkasocks.log.sessions { format = text, file = "" }""");

        await LogInWithHostileName(proxy);
        await AskForHostileDestination(proxy);

        var outcome = await proxy.StopAsync();
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        AssertPlain(System.Text.Encoding.UTF8.GetBytes(outcome.Output), lines: 2);
        var lines = outcome.Output.Split('\n');
        Assert.Matches(@"^\S+Z [0-9a-z]{13} 127\.0\.0\.1:\d+ \S+ - refused:bad-credentials up=0 down=0 \d+ms$", lines[0]);
        Assert.Contains($" {HostileNameEscaped} ", lines[0]);
    }

    [Fact]
    public async Task No_password_is_ever_written()
    {
        using var origin = Origin.Echo();
        using var proxy = await RunningProxy.StartAsync(User.Hocon, "akkasocks.log.level = debug");

        using (var client = await SocksClient.ConnectAsync(proxy.Endpoint))
        {
            await client.LogInAsync();
            await client.SendAsync(SocksClient.Connect(origin.Endpoint));
            await client.ExpectAsync([5, 0]);
        }

        using (var client = await SocksClient.ConnectAsync(proxy.Endpoint))
        {
            await client.SendAsync(
                [.. SocksClient.GreetingWithPassword, .. SocksClient.Credentials(User.Name, "another:secret@8")]);
            await client.ExpectAsync([5, 2, 1, 1]);
        }

        await proxy.SessionsAsync(2);
        var outcome = await proxy.StopAsync();
        var written = outcome.Output + outcome.Errors + await File.ReadAllTextAsync(proxy.SessionLog);
        Assert.Contains("[DEBUG]", written);
        Assert.DoesNotContain(User.Password, written);
        Assert.DoesNotContain("another:secret@8", written);
    }

    private static async Task LogInWithHostileName(RunningProxy proxy)
    {
        using var client = await SocksClient.ConnectAsync(proxy.Endpoint);
        await client.SendAsync(SocksClient.GreetingWithPassword);
        await client.ExpectAsync([5, 2]);
        await client.SendAsync(SocksClient.Credentials(HostileName, "secret"));
        await client.ExpectAsync([1, 1]);
        await client.EndAsync();
    }

    private static async Task AskForHostileDestination(RunningProxy proxy)
    {
        using var client = await SocksClient.ConnectAsync(proxy.Endpoint);
        await client.LogInAsync();
        await client.SendAsync(SocksClient.Connect(HostileName, 80));
        await client.ExpectAsync([5, 4]);
        await client.EndAsync();
    }

    /// <summary>Printable ASCII and line feeds only, and as many lines as sessions.</summary>
    private static void AssertPlain(byte[] log, int lines)
    {
        Assert.Equal(lines, log.Count(octet => octet == '\n'));
        Assert.All(log.Where(octet => octet != '\n'), octet => Assert.InRange(octet, (byte)' ', (byte)'~'));
    }
}
