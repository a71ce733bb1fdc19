using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>Whichever way a client comes in, it is looked into as one that comes by SOCKS5 is.</summary>
public sealed class WaysInTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    [NeedsToolFact("curl")]
    public async Task A_tunnel_of_an_HTTPS_proxy_is_looked_into()
    {
        using var proxy = await node.StartAsync(node.Files.ToHocon("required"));
        await using var origin = await StartAsync();

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"https://{proxy.Endpoint}", "--proxy-insecure", "--cacert", node.Authority,
            origin.Url("www.test", "hello"));

        Assert.Equal(("hello by HTTP/2", ""), (curl.Text, curl.Errors));
        Assert.Equal("https", (await proxy.SessionToAsync(origin.Port)).GetProperty("intercept").GetString());
    }

    /// <summary>Who it is says its certificate; rules go by that name.</summary>
    [NeedsToolFact("curl", "stunnel4")]
    public async Task A_login_by_certificate_is_the_user_of_the_rules()
    {
        using var proxy = await node.StartAsync(
            $$"""
            {{User.Hocon}}
            {{node.Files.ToHocon("required", "client-auth = request")}}
            akkasocks.mitm.rules = [
              { name = hers, match { user = {{User.Name}} }, action { mock { status = 200, content-type = text/plain, body = "hers" } } }
            ]
            """);
        using var stunnel = await TlsWrapper.StunnelAsync(proxy.Endpoint, node.Files, node.Files.Issue(User.Name));
        await using var origin = await StartAsync();

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"socks5h://{stunnel.Endpoint}", "--cacert", node.Authority, origin.Url("www.test", "hello"));

        Assert.Equal(("hers", ""), (curl.Text, curl.Errors));
        var session = await proxy.SessionToAsync(origin.Port);
        Assert.Equal((User.Name, "https"), (session.GetProperty("user").GetString(), session.GetProperty("intercept").GetString()));
    }

    [NeedsToolFact("curl", "socat")]
    public async Task SOCKS5_within_TLS_is_looked_into_for_a_client_that_has_it_from_socat()
    {
        using var proxy = await node.StartAsync(node.Files.ToHocon("required"));
        using var socat = await TlsWrapper.SocatAsync(proxy.Endpoint, node.Files);
        await using var origin = await StartAsync();

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"socks5h://{socat.Endpoint}", "--cacert", node.Authority, origin.Url("www.test", "hello"));

        Assert.Equal(("hello by HTTP/2", ""), (curl.Text, curl.Errors));
    }

    [NeedsToolFact("curl", "proxychains4")]
    public async Task A_program_that_knows_no_proxies_is_looked_into_behind_proxychains()
    {
        await using var origin = await StartAsync();
        var file = node.Files.Path("proxychains.conf");
        await File.WriteAllTextAsync(
            file, $"strict_chain\nproxy_dns\n[ProxyList]\nsocks5 {node.Proxy.Endpoint.Address} {node.Proxy.Endpoint.Port}\n");

        var curl = await Tool.RunAsync(
            "proxychains4", "-q", "-f", file, "curl", "-sS", "--cacert", node.Authority, origin.Url("www.test", "hello"));

        Assert.Equal(("hello by HTTP/2", ""), (curl.Text, curl.Errors));
        Assert.Equal("https", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolTheory("openssl")]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Openssl_resumes_its_session_with_what_it_takes_for_the_origin(string version, string name)
    {
        await using var origin = await StartAsync();
        var session = node.Files.Path("session.pem");

        Assert.Contains($"New, {name}", (await RunAsync("-sess_out")).Text);
        var second = await RunAsync("-sess_in");
        Assert.Contains($"Reused, {name}", second.Text);
        Assert.Contains("\nhello by HTTP/1.1", second.Text);

        Task<Tool.Outcome> RunAsync(string option) => Tool.RunAsync(
            "openssl",
            [
                "s_client", "-proxy", $"{node.Proxy.Endpoint}", "-connect", $"www.test:{origin.Port}", "-servername", "www.test",
                "-CAfile", node.Authority, "-verify_return_error", "-ign_eof", version, option, session,
            ],
            "GET /hello HTTP/1.1\r\nHost: www.test\r\nConnection: close\r\n\r\n"u8.ToArray());
    }

    private Task<WebOrigin> StartAsync() => WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);
}
