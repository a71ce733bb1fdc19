using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

[Collection(RealClients.Name)]
public sealed class CurlTests(ClientProxies proxies)
{
    private const int CannotProxy = 97;

    [NeedsToolTheory("curl")]
    [InlineData("socks5", "127.0.0.1")]
    [InlineData("socks5h", "127.0.0.1")]
    [InlineData("socks5h", "localhost")]
    [InlineData("socks5h", "LocalHost.")]
    public async Task It_gets_a_page(string scheme, string host)
    {
        await using var origin = await HttpOrigin.StartAsync();

        var curl = await Curl("-x", $"{scheme}://{proxies.Open.Endpoint}", origin.Url(host));

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        var session = await proxies.Open.SessionToAsync(origin.Port);
        Assert.Equal($"127.0.0.1:{origin.Port}", session.GetProperty("address").GetString());
        Assert.False(session.TryGetProperty("user", out _));
    }

    [NeedsToolTheory("curl")]
    [InlineData("socks5", "127.0.0.1")]
    [InlineData("socks5h", "localhost")]
    public async Task With_a_password_it_gets_a_page(string scheme, string host)
    {
        await using var origin = await HttpOrigin.StartAsync();

        var curl = await Curl(
            "-x", $"{scheme}://{proxies.Guarded.Endpoint}", "-U", $"{User.Name}:{User.Password}", origin.Url(host));

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Equal(User.Name, (await proxies.Guarded.SessionToAsync(origin.Port)).GetProperty("user").GetString());
    }

    [NeedsToolTheory("curl", Needs.IPv6Loopback)]
    [InlineData("socks5")]
    [InlineData("socks5h")]
    public async Task It_gets_a_page_over_IPv6(string scheme)
    {
        await using var origin = await HttpOrigin.StartAsync(IPAddress.IPv6Loopback);

        var curl = await Curl("-g", "-x", $"{scheme}://{proxies.Open.Endpoint}", origin.Url("[::1]"));

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        await proxies.Open.SessionToAsync(new IPEndPoint(IPAddress.IPv6Loopback, origin.Port));
    }

    [NeedsToolTheory("curl")]
    [InlineData("-U", "alice:wrong")]
    [InlineData("-U", $"mallory:{User.Password}")]
    [InlineData]
    public async Task Without_the_password_it_learns_that_the_proxy_will_not_have_it(params string[] credentials)
    {
        await using var origin = await HttpOrigin.StartAsync();

        var curl = await Curl(["-x", $"socks5h://{proxies.Guarded.Endpoint}", .. credentials, origin.Url("127.0.0.1")]);

        Assert.Equal((CannotProxy, ""), (curl.ExitCode, curl.Text));
        Assert.DoesNotContain(proxies.Guarded.Sessions(), session => session.TryGetProperty("destination", out var destination)
            && destination.GetString() == $"127.0.0.1:{origin.Port}");
    }

    [NeedsToolFact("curl")]
    public async Task A_closed_port_is_told_as_connection_refused()
    {
        var port = await PortOfStoppedOrigin();

        var curl = await Curl("-x", $"socks5h://{proxies.Open.Endpoint}", $"http://127.0.0.1:{port}/");

        Assert.Equal(CannotProxy, curl.ExitCode);
        Assert.Contains("(5)", curl.Errors);
        Assert.Equal(5, (await proxies.Open.SessionToAsync(port)).GetProperty("reply").GetInt32());
    }

    [NeedsToolFact("curl")]
    public async Task Many_at_once_over_one_proxy_each_get_theirs()
    {
        await using var origin = await HttpOrigin.StartAsync();
        var urls = Enumerable.Range(0, 50).Select(i => origin.Url("localhost", $"hello?{i}"));

        var curl = await Curl(["-Z", "-x", $"socks5h://{proxies.Open.Endpoint}", .. urls]);

        Assert.Equal(0, curl.ExitCode);
        Assert.Equal(string.Concat(Enumerable.Repeat(HttpOrigin.Hello, 50)), curl.Text);
    }

    private static Task<Tool.Outcome> Curl(params string[] arguments) => Tool.RunAsync("curl", ["-sS", "--fail", .. arguments]);

    private static async Task<int> PortOfStoppedOrigin()
    {
        await using var origin = await HttpOrigin.StartAsync();
        return origin.Port;
    }
}
