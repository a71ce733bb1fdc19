using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>What is no HTTP, and what is not to be opened, passes as if nobody looked: no byte changed, nothing waiting.</summary>
public sealed class UntouchedTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    [Fact]
    public async Task A_server_that_speaks_first_is_heard_and_may_be_answered()
    {
        using var origin = Origin.Serving(async connection =>
        {
            await connection.SendAllAsync("SSH-2.0-origin\r\n"u8.ToArray());
            await EchoAsync(connection);
        });
        using var client = await SocksClient.OpenAsync(node.Proxy.Endpoint, origin.Endpoint);

        await client.ExpectAsync("SSH-2.0-origin\r\n"u8.ToArray());
        await client.SendAsync("SSH-2.0-client\r\n"u8.ToArray());
        await client.ExpectAsync("SSH-2.0-client\r\n"u8.ToArray());
        client.Socket.Shutdown(SocketShutdown.Send);
        await client.EndAsync();

        await AssertEnded(origin.Endpoint.Port, "server-first", "completed");
    }

    [Theory]
    [InlineData("EHLO mail.test\r\n", "other-protocol")]
    [InlineData("\0\u0001\u0002", "other-protocol")]
    [InlineData("GET", "silent")]
    public async Task What_is_no_HTTP_passes_and_half_closes(string said, string outcome)
    {
        using var origin = Origin.Echo();
        using var client = await SocksClient.OpenAsync(node.Proxy.Endpoint, origin.Endpoint);
        var bytes = Encoding.Latin1.GetBytes(said);

        await client.SendAsync(bytes);
        if (outcome == "silent")
            client.Socket.Shutdown(SocketShutdown.Send);
        await client.ExpectAsync(bytes);
        if (outcome != "silent")
            client.Socket.Shutdown(SocketShutdown.Send);
        await client.EndAsync();

        await AssertEnded(origin.Endpoint.Port, outcome == "silent" ? "other-protocol" : outcome, "completed");
    }

    // That bytes which come after the silence are carried is shown where silence can be waited for (SnifferTests).
    [Fact]
    public async Task Where_nobody_says_anything_the_tunnel_is_left_alone_and_ends_as_any_idle_one()
    {
        using var proxy = await node.StartAsync("akkasocks { mitm.sniff.timeout = 10ms, relay.idle-timeout = 1s }");
        using var origin = Origin.Echo();
        using var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);

        await client.EndAsync();

        var line = await proxy.SessionToAsync(origin.Endpoint.Port);
        Assert.Equal(
            ("silent", "idle-timed-out"), (line.GetProperty("intercept").GetString(), line.GetProperty("end").GetString()));
    }

    [Fact]
    public async Task A_reset_of_the_destination_is_the_clients_too()
    {
        using var origin = Origin.Resetting();
        using var client = await SocksClient.OpenAsync(node.Proxy.Endpoint, origin.Endpoint);
        await client.SendAsync("EHLO x\r\n"u8.ToArray());

        await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(1));
    }

    [NeedsToolFact("curl")]
    public async Task An_excluded_name_shows_its_own_certificate()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("vault.bank.test"), HttpProtocols.Http1AndHttp2);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", node.Socks, "--cacert", node.Files.Authority, origin.Url("vault.bank.test", "hello"));

        Assert.Equal("hello by HTTP/2", curl.Text);
        Assert.False((await node.Proxy.SessionToAsync(origin.Port)).TryGetProperty("intercept", out _));
    }

    [NeedsToolFact("curl")]
    public async Task An_address_that_TLS_asks_for_an_excluded_name_of_is_left_alone()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("vault.bank.test"), HttpProtocols.Http1AndHttp2);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"socks5://{node.Proxy.Endpoint}", "--resolve", $"vault.bank.test:{origin.Port}:127.0.0.1",
            "--cacert", node.Files.Authority, origin.Url("vault.bank.test", "hello"));

        Assert.Equal("hello by HTTP/2", curl.Text);
        Assert.Equal("out-of-scope", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolTheory("curl")]
    [InlineData("www.test", "https")]
    [InlineData("wrong.test", "out-of-scope")]
    public async Task Of_an_address_the_name_that_TLS_asks_for_decides(string name, string outcome)
    {
        using var proxy = await node.StartAsync("akkasocks.mitm.scope.include = [www.test]");
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue(name), HttpProtocols.Http1AndHttp2);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"socks5://{proxy.Endpoint}", "--resolve", $"{name}:{origin.Port}:127.0.0.1",
            "--cacert", outcome == "https" ? node.Authority : node.Files.Authority, origin.Url(name, "hello"));

        Assert.Equal((0, "hello by HTTP/2"), (curl.ExitCode, curl.Text));
        Assert.Equal(outcome, (await proxy.SessionToAsync(origin.Port)).GetProperty("intercept").GetString());
    }

    [NeedsToolFact("curl")]
    public async Task An_origin_that_wants_a_certificate_is_left_to_its_client_at_once()
    {
        await using var origin = await WebOrigin.StartAsync(
            node.Files.Issue("wants.test"), HttpProtocols.Http1, ClientCertificateMode.RequireCertificate);
        var certificate = node.Files.Issue("client");
        for (var i = 0; i < 2; i++)
        {
            var curl = await Tool.RunAsync(
                "curl", "-sS", "-x", node.Socks, "--cacert", node.Files.Authority, "--cert", certificate, origin.Url("wants.test", "hello"));
            Assert.Equal(("hello by HTTP/1.1", ""), (curl.Text, curl.Errors));
        }

        await Eventually.TrueAsync(() => node.Proxy.Sessions().Count(Is) == 2, () => "both sessions to end");

        bool Is(System.Text.Json.JsonElement line) => line.GetProperty("destination").GetString() == $"wants.test:{origin.Port}"
            && line.GetProperty("intercept").GetString() == "client-certificate";
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TLS_without_HTTP_inside_is_opened_and_carried_whoever_speaks_first(bool isServerFirst)
    {
        var certificate = X509Certificate2.CreateFromPemFile(node.Files.Issue("mail.test"), node.Files.Path("mail.test.pem"));
        using var origin = Origin.Serving(async connection =>
        {
            await using var tls = new SslStream(new NetworkStream(connection));
            await tls.AuthenticateAsServerAsync(certificate);
            if (isServerFirst)
                await tls.WriteAsync("* OK\r\n"u8.ToArray());
            var buffer = new byte[100];
            while (await tls.ReadAsync(buffer) is var n and > 0)
                await tls.WriteAsync(buffer.AsMemory(0, n));
            await tls.ShutdownAsync();
        });
        using var socks = await SocksClient.OpenAsync(node.Proxy.Endpoint, origin.Endpoint);
        await using var client = new SslStream(new NetworkStream(socks.Socket), false, (_, shown, _, _) =>
            shown!.Issuer.Contains("AkkaSocks", StringComparison.Ordinal));
        await client.AuthenticateAsClientAsync("mail.test").InTime();

        if (isServerFirst)
            await ExpectAsync("* OK\r\n");
        foreach (var word in new[] { "a1 LOGIN\r\n", "a2 LOGOUT\r\n" })
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(word));
            await ExpectAsync(word);
        }

        await client.ShutdownAsync();
        Assert.Equal(0, await client.ReadAsync(new byte[1]).InTime());
        socks.Socket.Shutdown(SocketShutdown.Both);
        await AssertEnded(origin.Endpoint.Port, "tls-without-http", null);

        async Task ExpectAsync(string text)
        {
            var heard = new byte[text.Length];
            await client.ReadExactlyAsync(heard).AsTask().InTime();
            Assert.Equal(text, Encoding.ASCII.GetString(heard));
        }
    }

    private async Task AssertEnded(int port, string outcome, string? end)
    {
        var line = await node.Proxy.SessionToAsync(port);
        Assert.Equal(outcome, line.GetProperty("intercept").GetString());
        if (end is not null)
            Assert.Equal(end, line.GetProperty("end").GetString());
    }

    private static async Task EchoAsync(Socket connection)
    {
        var buffer = new byte[1024];
        while (await connection.ReceiveAsync(buffer) is var n and > 0)
            await connection.SendAllAsync(buffer.AsMemory(0, n));
        connection.Shutdown(SocketShutdown.Send);
    }
}
