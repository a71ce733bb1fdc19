using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>Real clients of what is off by default: SOCKS4 and 4A, RESOLVE, and load balancers on both sides.</summary>
public sealed class WaysInTests
{
    private const string Socks4 = "akkasocks.listener-defaults.protocols = [socks5, socks4]";

    [NeedsToolTheory("curl")]
    [InlineData("--socks4", "127.0.0.1")]
    [InlineData("--socks4a", "localhost")]
    public async Task Curl_gets_a_page_by_SOCKS4(string option, string host)
    {
        using var proxy = await RunningProxy.StartAsync(Socks4);
        await using var origin = await HttpOrigin.StartAsync();

        var curl = await Tool.RunAsync("curl", "-sS", "--fail", option, $"{proxy.Endpoint}", origin.Url(host));

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        var session = await proxy.SessionToAsync(origin.Port);
        Assert.Equal(("socks4", $"{host}:{origin.Port}"), (session.GetProperty("protocol").GetString(), session.GetProperty("destination").GetString()));
        await proxy.StopWithoutComplaintAsync();
    }

    [NeedsToolFact("curl")]
    public async Task Curl_by_SOCKS4_is_refused_where_a_password_is_required()
    {
        using var proxy = await RunningProxy.StartAsync(User.Hocon, Socks4);
        await using var origin = await HttpOrigin.StartAsync();

        var curl = await Tool.RunAsync("curl", "-sS", "-x", $"socks4a://{proxy.Endpoint}", origin.Url("localhost"));

        Assert.Equal((97, ""), (curl.ExitCode, curl.Text));
        await proxy.StopWithoutComplaintAsync();
    }

    [NeedsToolFact("ncat")]
    public async Task What_ncat_sends_by_SOCKS4_comes_back()
    {
        using var proxy = await RunningProxy.StartAsync(Socks4);
        using var origin = Origin.Echo();
        var input = RandomNumberGenerator.GetBytes(1_000_000);

        var ncat = await Tool.RunAsync(
            "ncat", ["--proxy-type", "socks4", "--proxy", $"{proxy.Endpoint}", "127.0.0.1", $"{origin.Endpoint.Port}"], input);

        Assert.Equal((0, ""), (ncat.ExitCode, ncat.Errors));
        Assert.True(input.AsSpan().SequenceEqual(ncat.Output));
        await proxy.StopWithoutComplaintAsync();
    }

    [NeedsToolFact("socat")]
    public async Task What_socat_sends_by_SOCKS4A_comes_back()
    {
        using var proxy = await RunningProxy.StartAsync(Socks4);
        using var origin = Origin.Echo();
        var input = RandomNumberGenerator.GetBytes(100_000);

        var socat = await Tool.RunAsync(
            "socat", ["-t", "20", "-", $"SOCKS4A:{proxy.Endpoint.Address}:localhost:{origin.Endpoint.Port},socksport={proxy.Endpoint.Port}"], input);

        Assert.Equal((0, ""), (socat.ExitCode, socat.Errors));
        Assert.True(input.AsSpan().SequenceEqual(socat.Output));
        await proxy.StopWithoutComplaintAsync();
    }

    [NeedsToolTheory("tor-resolve")]
    [InlineData("-5")]
    [InlineData("-4")]
    public async Task Tor_resolve_learns_the_address_of_a_name(string version)
    {
        using var proxy = await RunningProxy.StartAsync(Socks4, "akkasocks.resolve.enabled = on");

        var tor = await Tool.RunAsync("tor-resolve", version, "localhost", $"{proxy.Endpoint}");

        Assert.Equal((0, "127.0.0.1\n"), (tor.ExitCode, tor.Text));
        await proxy.StopWithoutComplaintAsync();
    }

    [NeedsToolTheory("haproxy", "curl")]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    public async Task Behind_haproxy_the_client_is_the_one_that_haproxy_names(string option)
    {
        using var proxy = await RunningProxy.StartAsync(
            "akkasocks.listener-defaults.proxy-protocol { mode = required, trusted = [\"127.0.0.1/32\"] }");
        var front = FreePort();
        using var haproxy = new HaProxy($"listen front\n  bind 127.0.0.1:{front}\n  server akkasocks {proxy.Endpoint} {option}\n");
        await using var origin = await HttpOrigin.StartAsync();
        await haproxy.ListensAsync(front);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "--fail", "--interface", "127.0.0.7", "-x", $"socks5h://127.0.0.1:{front}", origin.Url("127.0.0.1"));

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        var session = await proxy.SessionToAsync(origin.Port);
        Assert.StartsWith("127.0.0.7:", session.GetProperty("client").GetString());
        Assert.StartsWith("127.0.0.1:", session.GetProperty("via").GetString());
    }

    [NeedsToolTheory("haproxy", "curl")]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Haproxy_behind_is_told_the_client(string version)
    {
        var back = FreePort();
        using var proxy = await RunningProxy.StartAsync(
            $"akkasocks.egress.proxy-protocol.haproxy {{ to = [\"127.0.0.0/8:{back}\"], version = {version} }}");
        using var haproxy = new HaProxy(
            $"frontend back\n  mode http\n  bind 127.0.0.1:{back} accept-proxy\n  http-request return status 200 content-type text/plain lf-string \"%ci\"\n");
        await haproxy.ListensAsync(back);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "--fail", "--interface", "127.0.0.7", "-x", $"socks5h://{proxy.Endpoint}", $"http://127.0.0.1:{back}/");

        Assert.Equal((0, "127.0.0.7", ""), (curl.ExitCode, curl.Text, curl.Errors));
        await proxy.StopWithoutComplaintAsync();
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>A haproxy of the test, killed with it.</summary>
    private sealed class HaProxy : IDisposable
    {
        private readonly string _file = Path.GetTempFileName();
        private readonly System.Diagnostics.Process _process;

        public HaProxy(string sections)
        {
            File.WriteAllText(
                _file, $"global\n  maxconn 100\ndefaults\n  mode tcp\n  timeout connect 10s\n  timeout client 30s\n  timeout server 30s\n{sections}", Encoding.ASCII);
            _process = Tool.Start("haproxy", "-db", "-f", _file);
        }

        public Task ListensAsync(int port) => Eventually.TrueAsync(() => Connects(port), () => $"haproxy to listen on {port}");

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            File.Delete(_file);
        }

        private static bool Connects(int port) =>
            System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(it => it.Port == port);
    }
}
