using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>Other people's TLS: clients that come through it, and tools that look for what is wrong with it.</summary>
[Collection(RealClients.Name)]
public sealed class TlsClientTests : IDisposable
{
    // No protocol begins with it, so that the proxy closes.
    private static readonly byte[] Nonsense = [1];

    private readonly TlsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [NeedsToolFact("curl", "socat")]
    public async Task Curl_gets_a_page_through_socat()
    {
        using var proxy = await RunningProxy.StartAsync(_files.ToHocon("required"));
        using var socat = await TlsWrapper.SocatAsync(proxy.Endpoint, _files);
        await using var origin = await HttpOrigin.StartAsync();

        var curl = await Tool.RunAsync("curl", "-sS", "--fail", "-x", $"socks5h://{socat.Endpoint}", origin.Url("127.0.0.1"));

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Equal("1.3", (await proxy.SessionToAsync(origin.Port)).GetProperty("tls").GetString());
        await proxy.StopWithoutComplaintAsync();
    }

    [NeedsToolFact("curl", "stunnel4")]
    public async Task Curl_needs_no_password_behind_a_stunnel_with_a_certificate()
    {
        using var proxy = await RunningProxy.StartAsync(User.Hocon, _files.ToHocon("optional", "client-auth = request"));
        using var known = await TlsWrapper.StunnelAsync(proxy.Endpoint, _files, _files.Issue(User.Name));
        using var unknown = await TlsWrapper.StunnelAsync(proxy.Endpoint, _files, null);
        await using var origin = await HttpOrigin.StartAsync();

        var curl = await Tool.RunAsync("curl", "-sS", "--fail", "-x", $"socks5h://{known.Endpoint}", origin.Url("127.0.0.1"));
        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Equal(User.Name, (await proxy.SessionToAsync(origin.Port)).GetProperty("user").GetString());

        curl = await Tool.RunAsync("curl", "-sS", "--fail", "-x", $"socks5h://{unknown.Endpoint}", origin.Url("127.0.0.1"));
        Assert.Equal(97, curl.ExitCode);
        curl = await Tool.RunAsync(
            "curl", "-sS", "--fail", "-x", $"socks5h://{unknown.Endpoint}", "-U", $"{User.Name}:{User.Password}", origin.Url("127.0.0.1"));
        Assert.Equal((0, HttpOrigin.Hello), (curl.ExitCode, curl.Text));
        curl = await Tool.RunAsync(
            "curl", "-sS", "--fail", "-x", $"socks5h://{proxy.Endpoint}", "-U", $"{User.Name}:{User.Password}", origin.Url("127.0.0.1"));
        Assert.Equal((0, HttpOrigin.Hello), (curl.ExitCode, curl.Text));
    }

    /// <summary>What curl calls an HTTPS proxy.</summary>
    [NeedsToolFact("curl")]
    public async Task Curl_gets_a_page_and_a_tunnel_from_an_HTTPS_proxy_with_a_certificate_or_a_password()
    {
        using var proxy = await RunningProxy.StartAsync(
            User.Hocon, _files.ToHocon("required", "client-auth = request"), "akkasocks.listeners.main.protocols = [socks5, http]");
        await using var origin = await HttpOrigin.StartAsync();
        var certificate = _files.Issue(User.Name);
        foreach (var login in new string[][] { ["--proxy-cert", certificate], ["--proxy-user", $"{User.Name}:{User.Password}"] })
        {
            foreach (var tunnel in new string[][] { [], ["-p"] })
            {
                var curl = await Tool.RunAsync(
                    "curl", ["-sS", "--fail", "-x", $"https://{proxy.Endpoint}", "--proxy-insecure", .. login, .. tunnel, origin.Url("127.0.0.1")], default);
                Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
            }
        }

        var lines = await proxy.SessionsAsync(4);
        Assert.All(lines, line => Assert.Equal(User.Name, line.GetProperty("user").GetString()));
        await proxy.StopWithoutComplaintAsync();
    }

    [NeedsToolTheory("openssl")]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Openssl_resumes_its_session(string version, string name)
    {
        using var proxy = await RunningProxy.StartAsync(_files.ToHocon("required"));
        var session = _files.Path("session.pem");

        var first = await OpenSsl(proxy, version, "-sess_out", session);
        var second = await OpenSsl(proxy, version, "-sess_in", session);

        Assert.Contains($"New, {name}", first.Text, StringComparison.Ordinal);
        Assert.Contains($"Reused, {name}", second.Text, StringComparison.Ordinal);
    }

    /// <summary>What was agreed with one listener is no way into another: there a certificate is needed.</summary>
    [NeedsToolTheory("openssl")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task S24_a_session_without_a_certificate_does_not_lead_into_a_listener_that_requires_one(string version)
    {
        var strict = TlsWrapper.FreePort();
        using var proxy = await RunningProxy.StartAsync(
            User.Hocon, _files.ToHocon("required"),
            $"akkasocks.listeners.strict {{ endpoint = \"{strict}\", tls {{ mode = required, certificate = \"{_files.Server}\", "
            + $"client-ca = \"{_files.Authority}\", client-auth = require }} }}");
        var session = _files.Path("session.pem");
        await OpenSsl(proxy, version, "-sess_out", session);
        await proxy.SessionsAsync(1);

        await OpenSsl(strict, version, "-sess_in", session);

        var lines = await proxy.SessionsAsync(2);
        Assert.Equal("unknown-protocol", lines[0].GetProperty("refusal").GetString());
        Assert.Equal("tls-failed", lines[1].GetProperty("refusal").GetString());
    }

    [NeedsToolTheory("openssl")]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    public async Task S24_openssl_is_refused_what_is_older_than_TLS_1_2(string version)
    {
        using var proxy = await RunningProxy.StartAsync(_files.ToHocon("required"));

        // Its own security level would refuse it first.
        var openssl = await OpenSsl(proxy, version, "-cipher", "ALL:@SECLEVEL=0");

        Assert.NotEqual(0, openssl.ExitCode);
        Assert.Contains("alert protocol version", openssl.Errors, StringComparison.Ordinal);
    }

    [NeedsToolFact("openssl")]
    public async Task S24_openssl_cannot_renegotiate()
    {
        using var proxy = await RunningProxy.StartAsync(_files.ToHocon("required"));

        var openssl = await Tool.RunAsync(
            "openssl", ["s_client", "-connect", $"{proxy.Endpoint}", "-tls1_2"], "R\n"u8.ToArray());

        Assert.Contains("RENEGOTIATING", openssl.Text + openssl.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, openssl.ExitCode);
    }

    [NeedsToolFact("sslscan")]
    public async Task S24_sslscan_finds_nothing_old_and_nothing_weak()
    {
        using var proxy = await RunningProxy.StartAsync(_files.ToHocon("required"));

        var scan = (await Tool.RunAsync("sslscan", "--no-colour", $"{proxy.Endpoint}")).Text;

        foreach (var old in new[] { "SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1" })
            Assert.Matches($@"{old}\s+disabled", scan);
        foreach (var current in new[] { "TLSv1.2", "TLSv1.3" })
            Assert.Matches($@"{current}\s+enabled", scan);
        Assert.Contains("Session renegotiation not supported", scan, StringComparison.Ordinal);
        Assert.DoesNotContain("Compression enabled", scan, StringComparison.Ordinal);
        Assert.DoesNotContain("vulnerable", scan.Replace("not vulnerable", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var ciphers = scan.Split('\n').Where(line => line.StartsWith("Preferred", StringComparison.Ordinal)
            || line.StartsWith("Accepted", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ciphers);

        // Forward secrecy, and at least 128 bits of AES or ChaCha20.
        Assert.All(ciphers, line => Assert.Matches(@"(128|256)\s+bits\s+(TLS_|ECDHE-(ECDSA|RSA)-)(AES|CHACHA20)", line));
    }

    private static Task<Tool.Outcome> OpenSsl(RunningProxy proxy, params string[] arguments) => OpenSsl(proxy.Endpoint, arguments);

    private static Task<Tool.Outcome> OpenSsl(System.Net.IPEndPoint endpoint, params string[] arguments) =>
        Tool.RunAsync("openssl", ["s_client", "-connect", $"{endpoint}", "-ign_eof", .. arguments], Nonsense);
}
