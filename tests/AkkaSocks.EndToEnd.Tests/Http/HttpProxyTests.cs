using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Http;

/// <summary>The proxy as curl's HTTP proxy: tunnels, and requests that are forwarded.</summary>
public sealed class HttpProxyTests : IAsyncLifetime
{
    private const string Http = "akkasocks.listeners.main.protocols = [socks5, http]";
    private RunningProxy _open = null!, _guarded = null!;
    private HttpOrigin _origin = null!;

    public async Task InitializeAsync()
    {
        _open = await RunningProxy.StartAsync(Http);
        _guarded = await RunningProxy.StartAsync(Http, User.Hocon);
        _origin = await HttpOrigin.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _origin.DisposeAsync();
        using (_open)
        using (_guarded)
        {
            await _open.StopWithoutComplaintAsync();
            await _guarded.StopWithoutComplaintAsync();
        }
    }

    [NeedsToolTheory("curl")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost", "-p")]
    [InlineData("LocalHost.")]
    [InlineData("127.0.0.1", "-p")]
    public async Task It_gets_a_page_forwarded_and_through_a_tunnel(string host, params string[] options)
    {
        var curl = await Curl(["-x", $"http://{_open.Endpoint}", .. options, _origin.Url(host)]);

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        var session = await _open.SessionToAsync(_origin.Port);
        Assert.Equal("http", session.GetProperty("protocol").GetString());
        Assert.Equal($"127.0.0.1:{_origin.Port}", session.GetProperty("address").GetString());
    }

    [NeedsToolTheory("curl")]
    [InlineData]
    [InlineData("-p")]
    public async Task With_a_password_it_gets_a_page(params string[] options)
    {
        var curl = await Curl(
            ["-x", $"http://{_guarded.Endpoint}", "-U", $"{User.Name}:{User.Password}", .. options, _origin.Url("127.0.0.1")]);

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Equal(User.Name, (await _guarded.SessionToAsync(_origin.Port)).GetProperty("user").GetString());
    }

    [NeedsToolTheory("curl")]
    [InlineData]
    [InlineData("-p")]
    [InlineData("-U", "alice:wrong")]
    public async Task Without_the_password_it_is_told_407(params string[] options)
    {
        var curl = await Tool.RunAsync(
            "curl", ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{http_connect}", "-x", $"http://{_guarded.Endpoint}", .. options, _origin.Url("127.0.0.1")]);

        Assert.Contains("407", curl.Text);
    }

    [NeedsToolFact("curl")]
    public async Task Requests_on_one_connection_go_each_to_its_own_destination()
    {
        await using var other = await HttpOrigin.StartAsync();

        var curl = await Curl(
            "-x", $"http://{_guarded.Endpoint}", "-U", $"{User.Name}:{User.Password}",
            _origin.Url("127.0.0.1"), other.Url("localhost"), _origin.Url("localhost", "hello?again"));

        Assert.Equal((0, string.Concat(Enumerable.Repeat(HttpOrigin.Hello, 3)), ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Single(await _guarded.SessionsAsync(1));
    }

    [NeedsToolFact("curl")]
    public async Task Large_bodies_pass_both_ways_whole()
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-http-");
        var file = Path.Combine(folder.FullName, "body");
        var body = RandomNumberGenerator.GetBytes(40 * 1024 * 1024);
        await File.WriteAllBytesAsync(file, body);
        await using var origin = await HttpOrigin.StartAsync(folder: folder.FullName);

        var up = await Curl("-x", $"http://{_open.Endpoint}", "-T", file, origin.Url("127.0.0.1", "hash"));
        var chunked = await Curl(
            "-x", $"http://{_open.Endpoint}", "-H", "Transfer-Encoding: chunked", "-T", file, origin.Url("127.0.0.1", "hash"));
        var down = await Curl("-x", $"http://{_open.Endpoint}", origin.Url("127.0.0.1", "files/body"));

        Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), up.Text);
        Assert.Equal(up.Text, chunked.Text);
        Assert.Equal(up.Text, Convert.ToHexString(SHA256.HashData(down.Output)));
        folder.Delete(recursive: true);
    }

    [NeedsToolFact("curl")]
    public async Task A_closed_port_and_a_forbidden_address_are_told_by_their_status()
    {
        int port;
        await using (var stopped = await HttpOrigin.StartAsync())
            port = stopped.Port;

        var closed = await Status($"http://127.0.0.1:{port}/");
        var forbidden = await Status("http://10.0.0.1/");
        var ambiguous = await Status("http://0x7f000001/", "--request-target", $"http://0x7f000001:{_origin.Port}/");

        Assert.Equal(("502", "403", "400"), (closed, forbidden, ambiguous));

        async Task<string> Status(params string[] arguments) => (await Tool.RunAsync(
            "curl", ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "-x", $"http://{_open.Endpoint}", .. arguments])).Text;
    }

    [NeedsToolFact("curl")]
    public async Task The_origin_sees_the_path_byte_for_byte_and_nothing_meant_for_the_proxy()
    {
        await using var origin = await RawOrigin.StartAsync();

        var curl = await Curl(
            "-x", $"http://{_guarded.Endpoint}", "-U", $"{User.Name}:{User.Password}", "--path-as-is",
            $"http://127.0.0.1:{origin.Port}/a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c");

        Assert.Equal(0, curl.ExitCode);
        var request = Assert.Single(origin.Requests);
        Assert.StartsWith("GET /a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c HTTP/1.1\r\n", request);
        Assert.Contains($"\r\nHost: 127.0.0.1:{origin.Port}\r\n", request);
        Assert.DoesNotContain("Proxy-", request, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<Tool.Outcome> Curl(params string[] arguments) => Tool.RunAsync("curl", ["-sS", "--fail", .. arguments]);
}
