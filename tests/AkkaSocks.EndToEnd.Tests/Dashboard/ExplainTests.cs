using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.Playwright;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Dashboard;

/// <summary>From a refused connection to its cause in two clicks, on a real node.</summary>
[Collection(Alone.Name)]
public sealed class ExplainTests
{
    [NeedsToolFact(Browser.Chromium)]
    public async Task A_refusal_leads_to_the_key_that_decides_in_two_clicks()
    {
        using var node = await ExplainedNode.StartAsync();
        using (var client = await SocksClient.ConnectAsync(node.Endpoint))
        {
            await client.GreetAsync();
            await client.SendAsync(SocksClient.Connect(new IPEndPoint(IPAddress.Parse("10.1.2.3"), 80)));
            Assert.Equal(2, (await client.ReceiveAsync(10))[1]);
        }

        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Admin, ExplainedNode.Token);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "special purpose address" }).ClickAsync();
        await browser.Page.Locator("#why-list button").First.ClickAsync();

        var answer = browser.Page.Locator("#why-answer");
        foreach (var text in new[] { "Refused: special purpose address", "RFC 1918 private use", "akkasocks.egress.special-purpose", $"{node.File}, line 6", "SOCKS5 reply 02" })
            await Assertions.Expect(answer).ToContainTextAsync(text, new() { Timeout = 60_000 });

        // And what would be allowed.
        await browser.Page.FillAsync("#why-destination", "192.0.2.9:80");
        await browser.Page.PressAsync("#why-destination", "Enter");
        await Assertions.Expect(answer).ToContainTextAsync("akkasocks.egress.allow[0]");
        await Assertions.Expect(answer).ToContainTextAsync("untouched: interception is off");
        await browser.Page.PressAsync("#why", "Escape");
        await Assertions.Expect(browser.Page.Locator("#why")).ToBeHiddenAsync();
        Assert.Empty(browser.Complaints);
    }
}
