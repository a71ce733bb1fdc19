using System.Text;
using System.Text.Json;
using Akka.Actor;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Tests.Capture;
using Microsoft.Playwright;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Dashboard;

/// <summary>Exchanges in the dashboard, in a real browser, with nodes behind it whose answers are the test's.</summary>
[Collection(Alone.Name)]
public sealed class ExchangesTests
{
    private const string Intercepting = "enabled = on, scope.include = [\"*.example.test\"]";
    private const string Hostile = "</td><script>window.hit=1</script><img src=x onerror=window.hit=1>\"'\u001b[2J\u202Egnp";
    private const string Seen = "</td><script>window.hit=1</script><img src=x onerror=window.hit=1>\"'\\u{1b}[2J\\u{202e}gnp";

    [NeedsToolFact(Browser.Chromium)]
    public async Task Exchanges_are_shown_as_they_end_filtered_paused_and_in_detail()
    {
        await using var node = await AdminNode.StartAsync(mitm: Intercepting);
        var ring = Remember(node, Page("http://www.example.test/first"), Page("http://api.example.test/second") with
        {
            Host = "api.example.test", Status = 404, Edits = [new("lab", "request-fields"), new("slow", "response-pace")],
        });
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        await TextAsync(browser, "#intercepting", "Interception is on", "*.example.test");
        await TextAsync(browser, "#exchanges-rows tr:first-child", "GET", "404", "http://api.example.test/second", "alice", "n1");
        await TextAsync(browser, "#exchanges-rows tr:last-child", "200", "http://www.example.test/first");
        await ReaderAsync(node);
        Tell(node, ring, Page("http://www.example.test/third") with { Rule = "no-ads", Edits = [new("lab", "delay")] }, lost: 7);
        await TextAsync(browser, "#exchanges-rows tr:first-child", "third", "rule no-ads", "edited by lab");
        await TextAsync(browser, "#exchanges-note", "7 more were too fast to show");

        await browser.Page.ClickAsync("#exchanges-pause");
        Tell(node, ring, Page("http://www.example.test/fourth"));
        await TextAsync(browser, "#exchanges-note", "paused, 1 new");
        await Assertions.Expect(browser.Page.Locator("#exchanges-rows tr")).ToHaveCountAsync(3);
        await browser.Page.ClickAsync("#exchanges-pause");
        await Assertions.Expect(browser.Page.Locator("#exchanges-rows tr")).ToHaveCountAsync(4);

        await browser.Page.FillAsync("#exchanges-host", "API.*");
        await Assertions.Expect(browser.Page.Locator("#exchanges-rows tr")).ToHaveCountAsync(1);
        await browser.Page.SelectOptionAsync("#exchanges-status", "5xx");
        await TextAsync(browser, "#exchanges-empty", "No exchange fits");
        await browser.Page.SelectOptionAsync("#exchanges-status", "4xx");
        await browser.Page.FillAsync("#exchanges-user", "alice");
        await browser.Page.FillAsync("#exchanges-method", "GET");
        await Assertions.Expect(browser.Page.Locator("#exchanges-rows tr")).ToHaveCountAsync(1);

        // By the keyboard, and back again.
        await browser.Page.Locator("#exchanges-rows button").FocusAsync();
        await browser.Page.Keyboard.PressAsync("Enter");
        await TextAsync(browser, "#exchange", "GET", "404", "by the origin", "request fields by the rule lab; response pace by the rule slow", "alice", "192.0.2.7:4711", "5 ms until the origin's answer began", "X-Request", "asked", "hello");
        await TextAsync(browser, "#exchange .messages", "↑", "text", "hi there", "binary", "ff 00");
        await browser.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(browser.Page.Locator("#exchanges-rows button")).ToBeFocusedAsync();
        Assert.Empty(browser.Complaints);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task An_archive_of_what_is_filtered_is_saved()
    {
        await using var node = await AdminNode.StartAsync(mitm: Intercepting);
        node.Cluster.Nodes = [node.Cluster.Nodes[0]];
        Remember(node, Page("http://www.example.test/"), Page("http://api.example.test/") with { Host = "api.example.test" });
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await browser.Page.FillAsync("#exchanges-host", "api.*");
        await Assertions.Expect(browser.Page.Locator("#exchanges-rows tr")).ToHaveCountAsync(1);

        var archive = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.ClickAsync("#exchanges-har"));

        Assert.Equal("akkasocks.har", archive.SuggestedFilename);
        await using var file = await archive.CreateReadStreamAsync();
        var entry = Assert.Single((await JsonDocument.ParseAsync(file)).RootElement.GetProperty("log").GetProperty("entries").EnumerateArray());
        Assert.Equal("http://api.example.test/", entry.GetProperty("request").GetProperty("url").GetString());
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task What_clients_and_origins_send_is_shown_as_text_and_runs_nothing()
    {
        await using var node = await AdminNode.StartAsync(mitm: Intercepting);
        var fields = KeyValuePair.Create(Hostile, Hostile);
        var body = Encoding.UTF8.GetBytes(Hostile);
        Remember(node, Page($"http://{Hostile}/") with
        {
            Method = Hostile,
            User = Hostile,
            Version = Hostile,
            RequestFields = [fields],
            ResponseFields = [fields, KeyValuePair.Create("Content-Type", Hostile)],
            RequestBody = new CapturedBody(body.Length, body),
            ResponseBody = new CapturedBody(body.Length, body),
            Messages = [new CapturedMessage(FromClient: false, DateTimeOffset.UnixEpoch, 1, new CapturedBody(body.Length, body))],
            Rule = Hostile,
            Error = Hostile,
        });
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await TextAsync(browser, "#exchanges-rows", Seen);
        var elements = await ElementsAsync(browser);

        await browser.Page.ClickAsync("#exchanges-rows button");
        foreach (var place in new[] { "#exchange-url", ".facts", ".fields >> nth=0", "pre >> nth=0", "pre >> nth=1", ".messages" })
            await TextAsync(browser, $"#exchange {place}", Seen);
        await TextAsync(browser, "#exchange-title", Seen[..60]);
        Assert.True(await browser.Page.EvaluateAsync<bool>("window.hit === undefined"));
        Assert.Equal(elements, await ElementsAsync(browser));
        Assert.Empty(browser.Complaints);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Where_there_is_nothing_to_see_it_says_what_to_do()
    {
        await using var node = await AdminNode.StartAsync();
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await TextAsync(browser, "#exchanges-empty", "enabled = on", "scope.include", "Looking inside");
        await Assertions.Expect(browser.Page.Locator("#intercepting")).ToBeHiddenAsync();
        await Assertions.Expect(browser.Page.Locator("#exchanges-table")).ToBeHiddenAsync();
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Who_may_only_look_sees_that_there_is_interception_and_no_exchange()
    {
        await using var node = await AdminNode.StartAsync(mitm: Intercepting);
        Remember(node, Page("http://www.example.test/secret"));
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.ReadToken);
        await TextAsync(browser, "#intercepting", "Interception is on");
        await TextAsync(browser, "#exchanges-empty", "mitm.capture.read-token");
        await Assertions.Expect(browser.Page.Locator("#exchanges-rows tr")).ToHaveCountAsync(0);
    }

    [NeedsToolTheory(Browser.Chromium)]
    [InlineData(390, false)]
    [InlineData(1280, true)]
    public async Task It_fits_the_window_whatever_is_in_it(int width, bool isDark)
    {
        await using var node = await AdminNode.StartAsync(mitm: Intercepting);
        Remember(node, Page("http://www.example.test/" + new string('u', 1000)) with
        {
            User = new string('a', 200), Method = new string('M', 64), RequestFields = [KeyValuePair.Create(new string('n', 300), new string('v', 3000))],
        });
        await using var browser = await Browser.StartAsync(width, isDark: isDark);
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await TextAsync(browser, "#exchanges-rows", "uuuu");
        Assert.InRange(await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
        await browser.Page.ClickAsync("#exchanges-rows button");
        await TextAsync(browser, "#exchange", "vvvv");
        Assert.InRange(await browser.Page.EvaluateAsync<int>("document.getElementById('exchange').scrollWidth - document.getElementById('exchange').clientWidth"), 0, 0);
    }

    private static CapturedExchange Page(string url) => TestExchange.Of(0) with
    {
        Started = DateTimeOffset.UtcNow,
        User = "alice",
        Client = "192.0.2.7:4711",
        Url = url,
        Host = "www.example.test",
        RequestFields = [KeyValuePair.Create("X-Request", "asked")],
        ResponseFields = [KeyValuePair.Create("Content-Type", "text/plain; charset=utf-8")],
        ResponseBody = new CapturedBody(11, "hello\r\nyou\t"u8.ToArray()),
        Messages =
        [
            new CapturedMessage(FromClient: true, DateTimeOffset.UtcNow, 1, new CapturedBody(8, "hi there"u8.ToArray())),
            new CapturedMessage(FromClient: false, DateTimeOffset.UtcNow, 2, new CapturedBody(2, new byte[] { 0xff, 0 })),
        ],
    };

    private static CaptureRing Remember(AdminNode node, params CapturedExchange[] exchanges)
    {
        var ring = node.Cluster.Exchanges = new CaptureRing(100, int.MaxValue);
        foreach (var exchange in exchanges)
            ring.Add(exchange);
        return ring;
    }

    private static void Tell(AdminNode node, CaptureRing ring, CapturedExchange exchange, long lost = 0)
    {
        ring.Add(exchange);
        node.ExchangeFeed.Tell(new NodeExchanges(new NodeIncarnation("a", 1), "n1", lost, [ExchangeSummary.Of(ring.All()[^1], "n1")]));
    }

    private static Task ReaderAsync(AdminNode node) => Eventually.TrueAsync(
        async () => await node.ExchangeFeed.Ask<int>(new FakeFeed.CountReaders()) > 0, "the page to follow exchanges");

    private static async Task TextAsync(Browser browser, string place, params string[] texts)
    {
        foreach (var text in texts)
            await Assertions.Expect(browser.Page.Locator(place)).ToContainTextAsync(text, new() { Timeout = 60_000 });
    }

    // Of the kinds that somebody could want to have here.
    private static Task<int> ElementsAsync(Browser browser) =>
        browser.Page.EvaluateAsync<int>("document.querySelectorAll('script, img, iframe, object, embed, style, link, base, meta').length");
}
