using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

[Collection(RealClients.Name)]
public sealed class ProxychainsTests(ClientProxies proxies) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-proxychains-");

    [NeedsToolFact("proxychains4", "curl")]
    public Task It_carries_a_program_that_knows_no_proxies() => CarriesCurl(proxies.Open, "");

    [NeedsToolFact("proxychains4", "curl")]
    public Task It_carries_one_with_a_password() => CarriesCurl(proxies.Guarded, $"{User.Name} {User.Password}");

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task CarriesCurl(RunningProxy proxy, string credentials)
    {
        await using var origin = await HttpOrigin.StartAsync();
        var file = Path.Combine(_folder.FullName, "proxychains.conf");
        await File.WriteAllTextAsync(file, $"""
            strict_chain
            proxy_dns
            [ProxyList]
            socks5 {proxy.Endpoint.Address} {proxy.Endpoint.Port} {credentials}
            """);

        var curl = await Tool.RunAsync("proxychains4", "-q", "-f", file, "curl", "-sS", "--fail", origin.Url("127.0.0.1"));

        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Equal("completed", (await proxy.SessionToAsync(origin.Port)).GetProperty("end").GetString());
    }
}
