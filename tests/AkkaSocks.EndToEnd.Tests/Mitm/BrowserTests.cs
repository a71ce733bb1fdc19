using AkkaSocks.EndToEnd.Tests.Dashboard;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Playwright;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>A browser whose user has imported our authority, as Chromium on Linux wants it: into the NSS database of the home.</summary>
[Collection(Alone.Name)]
public sealed class BrowserTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    private const string Certutil = "certutil";

    private const string Rules = """
        akkasocks.mitm.rules = [
          { name = lab, match { host = www.test, response-type = "text/html" }
            action { response.body-replace { text = "Production", with = "Lab" } } }
        ]
        """;

    [NeedsToolTheory(Browser.Chromium, Certutil)]
    [InlineData("socks5")]
    [InlineData("http")]
    public async Task A_page_comes_edited_with_its_WebSocket_and_its_events(string scheme)
    {
        using var proxy = await node.StartAsync(Rules);
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);
        var home = Directory.CreateTempSubdirectory("akkasocks-chromium-");
        await ImportAsync(home.FullName);
        await using (var browser = await Browser.StartAsync(proxy: $"{scheme}://{proxy.Endpoint}", home: home.FullName))
        {
            await browser.Page.GotoAsync(origin.Url("www.test", "page"));

            await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("Lab");
            await Assertions.Expect(browser.Page.Locator("#event")).ToHaveTextAsync("one");
            await Assertions.Expect(browser.Page.Locator("#message")).ToHaveTextAsync("said by the page");
            Assert.Equal(
                "h2 true",
                await browser.Page.EvaluateAsync<string>(
                    "`${performance.getEntriesByType('navigation')[0].nextHopProtocol} ${isSecureContext}`"));
            Assert.Empty(browser.Complaints);
        }

        home.Delete(recursive: true);
        await Eventually.TrueAsync(() => Outcomes().Count > 0, () => "the page's session to end");
        Assert.All(Outcomes(), outcome => Assert.Equal("https", outcome));

        IReadOnlyList<string?> Outcomes() => [.. proxy.Sessions()
            .Where(line => line.GetProperty("destination").GetString() == $"www.test:{origin.Port}")
            .Select(line => line.GetProperty("intercept").GetString())];
    }

    [NeedsToolFact(Browser.Chromium, Certutil)]
    public async Task Without_the_import_it_warns_and_is_passed_through_the_next_time()
    {
        using var proxy = await node.StartAsync(Rules);
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);
        var home = Directory.CreateTempSubdirectory("akkasocks-chromium-");
        await ImportAsync(home.FullName, node.Files.Authority);
        await using (var browser = await Browser.StartAsync(proxy: $"socks5://{proxy.Endpoint}", home: home.FullName))
        {
            var (page, warning) = await VisitAsync();
            Assert.Contains("ERR_CERT_AUTHORITY_INVALID", warning);

            (page, warning) = await VisitAsync();
            Assert.Null(warning);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Production");

            async Task<(IPage Page, string? Warning)> VisitAsync()
            {
                var visit = await browser.Page.Context.NewPageAsync();
                return (visit, (await Record.ExceptionAsync(() => visit.GotoAsync(origin.Url("www.test", "page"))))?.Message);
            }
        }

        home.Delete(recursive: true);
    }

    /// <summary>As README says it.</summary>
    private Task ImportAsync(string home) => ImportAsync(home, node.Authority);

    private static async Task ImportAsync(string home, string authority)
    {
        var database = Path.Combine(home, ".pki", "nssdb");
        Directory.CreateDirectory(database);
        foreach (var arguments in new string[][]
            {
                ["-N", "--empty-password"], ["-A", "-n", "akkasocks", "-t", "C,,", "-i", authority],
            })
            Assert.Equal((0, ""), await RunAsync(["-d", $"sql:{database}", .. arguments]));

        static async Task<(int, string)> RunAsync(string[] arguments) =>
            await Tool.RunAsync(Certutil, arguments) is var outcome ? (outcome.ExitCode, outcome.Errors) : default;
    }
}
