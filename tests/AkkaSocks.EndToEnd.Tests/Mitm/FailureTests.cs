using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>What cannot be opened: nothing is hidden, and who does not trust us is left alone.</summary>
public sealed class FailureTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    [NeedsToolTheory("curl")]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task An_origin_whose_certificate_is_for_another_name_becomes_a_page_that_says_so(string version)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);

        var curl = await node.Curl(version, "-i", origin.Url("wrong.test", "hello"));

        Assert.Equal(0, curl.ExitCode);
        Assert.Matches("^HTTP/(1.1|2) 502 ", curl.Text);
        Assert.Contains("x-akkasocks-error: upstream-tls\r\n", curl.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("the certificate of wrong.test is not valid: it is for other names", curl.Text);
        Assert.Equal("origin-untrusted", await node.OutcomeAsync(origin.Port));
    }

    /// <summary>Its origin refuses TLS with it, so there is nothing to mirror but what the client said.</summary>
    [Fact]
    public async Task A_client_that_offers_HTTP_2_alone_is_told_by_HTTP_2_that_its_origin_speaks_HTTP_1_1_alone()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1);
        using var client = new HttpClient(node.Client())
        {
            DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.GetAsync(origin.Url("www.test", "hello")).InTime();

        Assert.Equal((HttpVersion.Version20, HttpStatusCode.BadGateway), (answer.Version, answer.StatusCode));
        Assert.Equal("upstream-tls", answer.Headers.GetValues("X-AkkaSocks-Error").Single());
        Assert.Contains("no TLS with www.test", await answer.Content.ReadAsStringAsync());
        client.Dispose();
        Assert.Equal("origin-tls-failed", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolTheory("curl")]
    [InlineData("reset", 35)]
    [InlineData("pass-through", 60)]
    public async Task Or_what_the_settings_say(string setting, int exitCode)
    {
        using var proxy = await node.StartAsync($"akkasocks.mitm.upstream.on-invalid-cert = {setting}");
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"socks5h://{proxy.Endpoint}", "--cacert", node.Authority, origin.Url("wrong.test", "hello"));

        Assert.Equal(exitCode, curl.ExitCode);
    }

    [Fact]
    public async Task An_origin_that_is_none_of_TLS_becomes_a_page_too()
    {
        using var origin = Origin.Serving(async connection =>
        {
            await connection.ReceiveAsync(new byte[10_000]);
            await connection.SendAllAsync("what?\r\n"u8.ToArray());
        });

        var curl = await node.Curl("-i", $"https://www.test:{origin.Endpoint.Port}/");

        Assert.Matches("^HTTP/2 502 ", curl.Text);
        Assert.Equal("origin-tls-failed", await node.OutcomeAsync(origin.Endpoint.Port));
    }

    [NeedsToolFact("curl")]
    public async Task A_client_that_refuses_our_certificate_is_passed_through_the_next_time()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("pinned.test"), HttpProtocols.Http1AndHttp2);
        string[] pinned = ["-sS", "-x", node.Socks, "--cacert", node.Files.Authority, origin.Url("pinned.test", "hello")];

        // The reset that curl sends behind its alert takes nothing of it away.
        Assert.Equal(60, (await Tool.RunAsync("curl", pinned)).ExitCode);
        Assert.Equal("client-refused", await node.OutcomeAsync(origin.Port));

        var second = await Tool.RunAsync("curl", pinned);
        Assert.Equal((0, "hello by HTTP/2"), (second.ExitCode, second.Text));
        await Eventually.TrueAsync(
            () => node.Proxy.Sessions().Any(line => line.TryGetProperty("intercept", out var it) && it.GetString() == "pinned"),
            () => "the second session to end");
    }

    [Fact]
    public async Task A_client_that_closes_right_after_the_handshake_is_passed_through_the_third_time()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("silent.test"), HttpProtocols.Http1);
        for (var i = 1; i <= 2; i++)
        {
            Assert.Contains("AkkaSocks", await IssuerAsync());
            await Eventually.TrueAsync(
                () => node.Proxy.Sessions().Count(line => line.TryGetProperty("intercept", out var it) && it.GetString() == "client-silent") == i,
                () => "the session to end");
        }

        Assert.Equal("CN=authority", await IssuerAsync());

        async Task<string> IssuerAsync()
        {
            using var socks = await SocksClient.ConnectAsync(node.Proxy.Endpoint);
            await socks.GreetAsync();
            await socks.SendAsync(SocksClient.Connect("silent.test", origin.Port));
            await socks.ReceiveAsync(10);
            var issuer = "";
            await using var tls = new SslStream(new NetworkStream(socks.Socket), false, (_, shown, _, _) =>
            {
                issuer = shown!.Issuer;
                return true;
            });
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "silent.test", ApplicationProtocols = [SslApplicationProtocol.Http11],
            }).InTime();
            return issuer;
        }
    }

    [Fact]
    public async Task A_client_that_breaks_off_the_handshake_teaches_nothing()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1);
        using (var socks = await SocksClient.ConnectAsync(node.Proxy.Endpoint))
        {
            await socks.GreetAsync();
            await socks.SendAsync(SocksClient.Connect("www.test", origin.Port));
            await socks.ReceiveAsync(10);
            await socks.SendAsync([22, 3, 1, 0, 47, 1, 0, 0, 43, 3, 3, .. new byte[32], 0, 0, 4, 0xC0, 0x2B, 0xC0, 0x2F, 1, 0]);
            socks.Reset();
        }

        await node.Proxy.SessionToAsync(origin.Port);
        Assert.Equal("hello by HTTP/1.1", (await node.Curl(origin.Url("www.test", "hello"))).Text);
    }

    /// <summary>Over HTTP/1.1 an answer goes on when the request has ended, not before: that must not be for ever.</summary>
    [Fact]
    public async Task A_client_that_wants_its_answer_before_it_ends_its_body_is_ended_by_the_idle_timeout()
    {
        using var proxy = await node.StartAsync("akkasocks.relay.idle-timeout = 1s");
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        using var client = await SocksClient.OpenAsync(proxy.Endpoint, new(IPAddress.Loopback, origin.Port));
        await client.SendAsync("POST /echo HTTP/1.1\r\nHost: www.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n"u8.ToArray());

        await client.EndAsync();

        Assert.Equal("idle-timed-out", (await proxy.SessionToAsync(origin.Port)).GetProperty("end").GetString());
    }

    [Fact]
    public async Task An_end_of_the_proxy_ends_both_sides_at_once()
    {
        using var proxy = await node.StartAsync("");
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        using var client = await SocksClient.OpenAsync(proxy.Endpoint, new(IPAddress.Loopback, origin.Port));
        await client.SendAsync("GET /events HTTP/1.1\r\nHost: www.test\r\n\r\n"u8.ToArray());
        await client.ReceiveAsync("HTTP/1.1 200 OK\r\n".Length);

        var stopping = proxy.StopAsync();
        await client.EndAsync();
        await origin.EventsEnded.Task.InTime();

        Assert.Equal(0, (await stopping).ExitCode);
    }
}
