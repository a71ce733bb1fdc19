using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.EndToEnd.Tests.Mitm;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Interception;

/// <summary>Rules, what is remembered, and flows, in the executable, with curl.</summary>
public sealed class ExchangeTests
{
    [NeedsToolFact("curl")]
    public async Task Rules_hold_and_the_verbs_show_what_happened()
    {
        await using var origin = await HttpOrigin.StartAsync();
        using var node = await ExchangeNode.StartAsync("""
            rules = [
              { name = stub, match { path = "/stub" }, action { mock { status = 200, content-type = text/plain, body = "stubbed" } } }
              { name = polite, match { path = "/hello", response-type = "text/*" }
                action { response { set { X-Env = lab }, body-replace { text = hello, with = goodbye } } } }
            ]
            """);
        Assert.Equal("stubbed", (await node.CurlAsync(origin.Url("127.0.0.1", "stub"))).Text);
        var hello = await node.CurlAsync("-i", "--compressed", origin.Url("127.0.0.1", "hello?token=hush"));
        Assert.Equal((0, ""), (hello.ExitCode, hello.Errors));
        Assert.Contains("X-Env: lab", hello.Text);
        Assert.EndsWith(HttpOrigin.Hello.Replace("hello", "goodbye", StringComparison.Ordinal), hello.Text);

        var archive = await node.VerbAsync("har", "export");
        Assert.Equal((0, ""), (archive.ExitCode, archive.Errors));
        var entries = JsonDocument.Parse(archive.Output).RootElement.GetProperty("log").GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(
            [origin.Url("127.0.0.1", "stub"), origin.Url("127.0.0.1", "hello?token=[redacted]")],
            entries.Select(entry => entry.GetProperty("request").GetProperty("url").GetString()));
        Assert.DoesNotContain("hush", archive.Output);
        Assert.Equal("polite", entries[1].GetProperty("_edits")[0].GetProperty("rule").GetString());

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node.Admin) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminNode.Token);
        var page = JsonDocument.Parse(await http.GetStringAsync("/v1/exchanges?status=2xx&limit=1")).RootElement;
        var newest = page.GetProperty("items")[0];
        Assert.Equal(("GET", 200), (newest.GetProperty("method").GetString(), newest.GetProperty("status").GetInt32()));
        Assert.EndsWith($":{newest.GetProperty("id").GetString()}", page.GetProperty("next").GetString());
        var one = JsonDocument.Parse(await http.GetStringAsync($"/v1/exchanges/{newest.GetProperty("id")}")).RootElement;
        Assert.Contains(one.GetProperty("responseFields").EnumerateArray(), field => field.GetProperty("name").GetString() == "X-Env");
        Assert.Equal("polite", Assert.Single(newest.GetProperty("edits").EnumerateArray()).GetString());
        Assert.Equal(
            ["polite response-body", "polite response-fields"],
            one.GetProperty("edits").EnumerateArray().Select(edit => $"{edit.GetProperty("rule")} {edit.GetProperty("what")}"));
    }

    [NeedsToolFact("curl")]
    public async Task What_explain_says_of_a_request_is_what_becomes_of_it()
    {
        await using var origin = await HttpOrigin.StartAsync();
        using var node = await ExchangeNode.StartAsync("""
            scope.exclude = ["127.0.0.2"]
            rules = [
              { name = stub, match { host = "127.0.0.1" }, action { mock { status = 200, content-type = text/plain, body = "stubbed" } } }
              { name = elsewhere, match { host = "*.test" }, action { block { status = 403 } } }
            ]
            """);

        var within = await node.VerbAsync("explain", "-", $"127.0.0.1:{origin.Port}");
        Assert.Contains("  looked into where it is HTTP or TLS; rules that may apply: stub ", within.Output);
        Assert.Equal("stubbed", (await node.CurlAsync(origin.Url("127.0.0.1"))).Text);

        var without = await node.VerbAsync("explain", "-", $"127.0.0.2:{origin.Port}");
        Assert.Contains("  untouched: that destination is excluded ", without.Output);
        await node.CurlAsync(origin.Url("127.0.0.2"));
        await Eventually.TrueAsync(() => node.Sessions().Count(it => it == '\n') == 2, node.Sessions);
        Assert.Equal(
            [true, false], node.Sessions().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Contains("\"intercept\":\"http\"")));
    }

    [NeedsToolFact("curl")]
    public async Task Exchanges_are_told_as_they_end()
    {
        await using var origin = await HttpOrigin.StartAsync();
        using var node = await ExchangeNode.StartAsync("");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node.Admin) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminNode.Token);
        using var stream = new StreamReader(await http.GetStreamAsync("/v1/exchanges/events?host=127.*"));
        Assert.Equal(":", await stream.ReadLineAsync().InTime());
        var told = stream.NextEventAsync();

        // The first may have ended before anybody listened.
        do
            await node.CurlAsync(origin.Url("127.0.0.1"));
        while (!told.IsCompleted);
        Assert.Contains("\"method\":\"GET\"", await told);
    }

    [NeedsToolTheory("curl")]
    [InlineData("", 403)]
    [InlineData("capture.read-token = on", 200)]
    public async Task Who_may_only_look_sees_exchanges_only_where_that_was_said(string mitm, int status)
    {
        await using var origin = await HttpOrigin.StartAsync();
        using var node = await ExchangeNode.StartAsync(mitm);
        await node.CurlAsync(origin.Url("127.0.0.1"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node.Admin) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminNode.ReadToken);

        foreach (var path in (string[])["/v1/exchanges", "/v1/exchanges/har", "/v1/exchanges/events", .. status == 403 ? ["/v1/exchanges/n1:1"] : Array.Empty<string>()])
        {
            using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead).InTime();
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            if (status == 403)
                Assert.Contains("mitm.capture.read-token", await answer.Content.ReadAsStringAsync());
        }

        using var interception = await http.GetAsync("/v1/interception");
        Assert.Equal(200, (int)interception.StatusCode);
    }

    [NeedsToolFact("curl")]
    public async Task A_session_that_is_ended_ends_at_once_on_both_sides()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        using var node = await ExchangeNode.StartAsync("");
        using var curl = Tool.Start("curl", "-sSN", "-x", $"socks5h://{node.Socks}", origin.Url("127.0.0.1", "events"));
        Assert.Equal("data: one", await curl.StandardOutput.ReadLineAsync().InTime());

        var ended = await node.VerbAsync("kill", "--address", "127.0.0.1", "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        await origin.EventsEnded.Task.InTime();
        await curl.WaitForExitAsync().InTime();
        Assert.NotEqual(0, curl.ExitCode);
    }

    [NeedsToolFact("curl")]
    public async Task Nothing_is_shown_where_nothing_is_looked_into()
    {
        using var node = await ExchangeNode.StartAsync("", intercepts: false);
        var archive = await node.VerbAsync("har", "export");
        Assert.Equal(1, archive.ExitCode);
        Assert.Contains("mitm.enabled = on", archive.Errors);
    }

    [NeedsToolFact("curl")]
    public async Task Bytes_of_tunnels_go_through_the_flows_that_match_them()
    {
        await using var origin = await HttpOrigin.StartAsync();
        await using var other = await HttpOrigin.StartAsync();
        using var node = await ExchangeNode.StartAsync(
            $$"""
            raw-flows = [
              { name = odd, match { port = {{origin.Port}} }
                up = [{ replace { text = "GET /missing", with = "GET /hello" } }, { chunk = 7B }]
                down = [{ count = on }, { chunk = 3B }, { delay { by = 1ms, jitter = 1ms } }, { replace { text = "origin", with = "middle" } }] }
              { name = cut, match { port = {{other.Port}} }, down = [{ drop-after = 20B }] }
            ]
            """,
            intercepts: false);
        var changed = await node.CurlAsync(origin.Url("127.0.0.1", "missing"));
        Assert.Equal((0, "hello from the middle", ""), (changed.ExitCode, changed.Text, changed.Errors));
        var cut = await node.CurlAsync(other.Url("127.0.0.1"));
        Assert.NotEqual(0, cut.ExitCode);
        await Eventually.TrueAsync(
            () => node.Sessions() is var log && log.Contains("\"end\":\"cut\"", StringComparison.Ordinal)
                && log.Contains("\"end\":\"completed\"", StringComparison.Ordinal),
            node.Sessions);
    }
}
