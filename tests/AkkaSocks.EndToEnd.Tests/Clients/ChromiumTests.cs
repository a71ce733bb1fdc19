using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>A browser that is told of a proxy, as people tell theirs.</summary>
[Collection(RealClients.Name)]
public sealed class ChromiumTests
{
    [NeedsToolFact("chromium")]
    public async Task It_shows_a_page_through_SOCKS5()
    {
        using var proxy = await RunningProxy.StartAsync();

        Assert.Equal("socks5", await ProtocolOfVisitAsync(proxy, $"socks5://{proxy.Endpoint}"));
    }

    [NeedsToolFact("chromium")]
    public async Task It_shows_a_page_through_an_HTTPS_proxy()
    {
        using var files = new TlsFiles();
        using var proxy = await RunningProxy.StartAsync(
            files.ToHocon("required"), "akkasocks.listeners.main.protocols = [socks5, http]");

        Assert.Equal("http", await ProtocolOfVisitAsync(proxy, $"https://{proxy.Endpoint}"));
    }

    /// <returns>What the session to the page is logged to have spoken.</returns>
    private static async Task<string?> ProtocolOfVisitAsync(RunningProxy proxy, string server)
    {
        await using var origin = await HttpOrigin.StartAsync();
        var profile = Directory.CreateTempSubdirectory("akkasocks-chromium-");

        // Loopback goes round any proxy unless that is taken back; the authority is the test's own.
        var chromium = await Tool.RunAsync(
            "chromium",
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={profile.FullName}",
            $"--proxy-server={server}", "--proxy-bypass-list=<-loopback>", "--ignore-certificate-errors", "--dump-dom",
            origin.Url("127.0.0.1"));

        Assert.Contains(HttpOrigin.Hello, chromium.Text);
        await Eventually.TrueAsync(() => proxy.Sessions().Any(IsVisit), () => "the session to the page to end");
        profile.Delete(recursive: true);
        return proxy.Sessions().First(IsVisit).GetProperty("protocol").GetString();

        bool IsVisit(System.Text.Json.JsonElement line) => line.TryGetProperty("destination", out var destination)
            && destination.GetString() == $"127.0.0.1:{origin.Port}";
    }
}
