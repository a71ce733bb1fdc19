using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

[Collection(RealClients.Name)]
public sealed class NcatTests(ClientProxies proxies)
{
    [NeedsToolTheory("ncat")]
    [InlineData("local", "127.0.0.1")]
    [InlineData("remote", "localhost")]
    public async Task What_it_sends_comes_back(string lookup, string host)
    {
        using var origin = Origin.Echo();
        var input = RandomNumberGenerator.GetBytes(1_000_000);

        var ncat = await Ncat(
            input, "--proxy", $"{proxies.Open.Endpoint}", "--proxy-dns", lookup, host, $"{origin.Endpoint.Port}");

        Assert.Equal((0, ""), (ncat.ExitCode, ncat.Errors));
        Assert.True(input.AsSpan().SequenceEqual(ncat.Output));
        var session = await proxies.Open.SessionToAsync(origin.Endpoint.Port);
        Assert.Equal($"{host}:{origin.Endpoint.Port}", session.GetProperty("destination").GetString());
    }

    [NeedsToolFact("ncat")]
    public async Task With_a_password_what_it_sends_comes_back()
    {
        using var origin = Origin.Echo();
        var input = RandomNumberGenerator.GetBytes(1_000_000);

        var ncat = await Ncat(
            input,
            "--proxy", $"{proxies.Guarded.Endpoint}", "--proxy-auth", $"{User.Name}:{User.Password}",
            "127.0.0.1", $"{origin.Endpoint.Port}");

        Assert.Equal((0, ""), (ncat.ExitCode, ncat.Errors));
        Assert.True(input.AsSpan().SequenceEqual(ncat.Output));
    }

    [NeedsToolFact("ncat")]
    public async Task With_a_wrong_password_it_fails()
    {
        using var origin = Origin.Echo();

        var ncat = await Ncat(
            [],
            "--proxy", $"{proxies.Guarded.Endpoint}", "--proxy-auth", $"{User.Name}:wrong", "127.0.0.1", $"{origin.Endpoint.Port}");

        Assert.NotEqual(0, ncat.ExitCode);
        Assert.Empty(ncat.Output);
    }

    private static Task<Tool.Outcome> Ncat(byte[] input, params string[] arguments) =>
        Tool.RunAsync("ncat", ["--proxy-type", "socks5", .. arguments], input);
}
