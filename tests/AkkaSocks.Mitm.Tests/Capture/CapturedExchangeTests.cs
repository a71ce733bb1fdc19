using System.Net;
using System.Text;
using System.Text.Json;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Tests.Bodies;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Proxy.Capture;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Capture;

/// <summary>What is remembered of exchanges between a client and an origin, and how it reads as an archive.</summary>
public sealed class CapturedExchangeTests
{
    private static readonly Version Http11 = HttpVersion.Version11;

    [Fact]
    public async Task An_exchange_is_remembered_without_its_secrets_and_without_its_bodies()
    {
        var policy = Policies.Of("rules = [{ name = keys, action { redact { fields = X-Api-Key, params = session } } }]");
        var exchange = await ExchangeAsync(policy, "text/plain", "answer"u8.ToArray(), null);
        Assert.Equal("POST", exchange.Method);
        Assert.EndsWith("/a%2Fb?x=1&token=[redacted]&session=[redacted]", exchange.Url);
        Assert.Equal(("[redacted]", "[redacted]", "yes"), (
            exchange.RequestField("Authorization"), exchange.RequestField("x-api-key"), exchange.RequestField("X-Plain")));
        Assert.Equal("[redacted]", exchange.ResponseField("Set-Cookie"));
        Assert.Equal((200, "alice", 6L, 14L), (exchange.Status, exchange.User, exchange.ResponseBody.Length, exchange.RequestBody.Length));
        Assert.True(exchange.RequestBody.Head.IsEmpty && exchange.ResponseBody.Head.IsEmpty);
        Assert.InRange(exchange.FirstByte!.Value, TimeSpan.Zero, exchange.Duration);
        Assert.Null(exchange.Error);
    }

    [Theory]
    [InlineData(null, "text/plain")]
    [InlineData("gzip", "text/plain")]
    [InlineData("br", "application/octet-stream")]
    public async Task Bodies_are_remembered_up_to_a_limit_and_read_decoded(string? coding, string type)
    {
        var isText = type == "text/plain";
        var plain = isText ? Encoding.UTF8.GetBytes(new string('\u00e9', 1000)) : [0xff, 0xfe, .. new byte[1000]];
        var sent = coding is null ? plain : DecodedBodyTests.Coded(plain, coding);
        var policy = Policies.Of("capture { level = bodies, body-limit = 101B }");
        var exchange = await ExchangeAsync(policy, type, sent, coding);
        Assert.Equal(Math.Min(sent.Length, 101), exchange.ResponseBody.Head.Length);
        var entry = (await ArchiveAsync(exchange)).GetProperty("log").GetProperty("entries")[0];
        Assert.Equal("hello=1&pass=2", entry.GetProperty("request").GetProperty("postData").GetProperty("text").GetString());
        var content = entry.GetProperty("response").GetProperty("content");
        Assert.Equal(sent.Length, content.GetProperty("size").GetInt32());
        if (isText)
            Assert.StartsWith(new string('\u00e9', 50), content.GetProperty("text").GetString());
        else
            Assert.Equal((0xff, "base64"), (content.GetProperty("text").GetBytesFromBase64()[0], content.GetProperty("encoding").GetString()));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_that_was_remembered_is_shown_in_part(string coding)
    {
        var bomb = DecodedBodyTests.Coded(new byte[64 * 1024 * 1024], coding);
        var exchange = await ExchangeAsync(Policies.Of("capture.level = bodies"), "text/plain", bomb, coding);
        Assert.InRange(ReadableBody.Decoded(exchange.ResponseBody, coding).Length, 1, 5 * 1024 * 1024);
    }

    [Fact]
    public async Task An_answer_of_a_rule_and_an_origin_that_fails_are_remembered_as_such()
    {
        var policy = Policies.Of("rules = [{ name = no, match { path = /no }, action { block { status = 403 } } }]");
        await using var server = await PrivateServer.StartAsync(Http11, 1, policy);
        using var blocked = await server.GetAsync("/no");
        using var failed = await server.GetAsync("/");
        var all = await RememberedAsync(policy, 2);
        Assert.Equal([(403, "no", "blocked-by-rule"), (502, null, "origin-failed")], all.Select(it => (it.Status, it.Rule, it.Error)));
    }

    [Fact]
    public async Task What_rules_have_changed_is_remembered_in_its_order_and_what_they_did_not_is_not()
    {
        const string Rules = """
            rules = [
              { name = keys, action { redact { fields = X-Api-Key }, delay = 1ms } }
              { name = both, action { request { set { X-A = a }, body-replace { text = hello, with = bye } }, response.remove = [X-B] } }
              { name = html, match { response-type = "text/html" }, action { response.set { X-C = c } } }
              { name = text, match { response-type = "text/plain" }, action { response.body-replace { text = nowhere, with = b }, throttle { down = 1MiB/s } } }
              { name = pace, action { throttle { up = 1MiB/s } } }
              { name = slower, action { throttle { up = 512KiB/s } } }
            ]
            """;
        var exchange = await ExchangeAsync(Policies.Of(Rules), "text/plain", "answer"u8.ToArray(), null);
        Assert.Equal(
            [
                "keys redaction", "keys delay", "both request-fields", "both request-body", "slower request-pace",
                "text response-body", "text response-pace", "both response-fields",
            ],
            exchange.Edits.Select(edit => $"{edit.Rule} {edit.What}"));
        var entry = (await ArchiveAsync(exchange)).GetProperty("log").GetProperty("entries")[0];
        Assert.Equal("keys", entry.GetProperty("_edits")[0].GetProperty("rule").GetString());

        // In a coding that nobody can undo a body is not looked through.
        exchange = await ExchangeAsync(Policies.Of(Rules), "text/plain", "answer"u8.ToArray(), "unknown");
        Assert.DoesNotContain(exchange.Edits, edit => edit.What == "response-body");
    }

    [Fact]
    public async Task Of_many_changes_the_first_are_remembered()
    {
        var rules = string.Join('\n', Enumerable.Range(1, 100).Select(i => $"{{ name = r{i}, action {{ request.set {{ X-A = a }} }} }}"));
        var exchange = await ExchangeAsync(Policies.Of($"rules = [{rules}]"), "text/plain", "answer"u8.ToArray(), null);
        Assert.Equal(Enumerable.Range(1, 32).Select(i => $"r{i}"), exchange.Edits.Select(edit => edit.Rule));
        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"r{i}"), ExchangeSummary.Of(exchange, "n1").Edits);
    }

    [Fact]
    public async Task An_archive_has_all_that_readers_insist_on()
    {
        var exchange = await ExchangeAsync(Policies.Of(""), "text/plain", "answer"u8.ToArray(), null);
        var log = (await ArchiveAsync(exchange)).GetProperty("log");
        Assert.Equal("1.2", log.GetProperty("version").GetString());
        Assert.Equal("AkkaSocks", log.GetProperty("creator").GetProperty("name").GetString());
        var entry = log.GetProperty("entries")[0];
        Assert.True(DateTimeOffset.TryParse(entry.GetProperty("startedDateTime").GetString(), out _));
        foreach (var name in (string[])["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"])
            Assert.True(entry.GetProperty("request").TryGetProperty(name, out _), name);
        foreach (var name in (string[])
            ["status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"])
            Assert.True(entry.GetProperty("response").TryGetProperty(name, out _), name);
        foreach (var name in (string[])["send", "wait", "receive"])
            Assert.True(entry.GetProperty("timings").GetProperty(name).GetDouble() >= 0, name);
        Assert.Equal(JsonValueKind.Object, entry.GetProperty("cache").ValueKind);
        Assert.Equal(["x", "token", "session"], entry.GetProperty("request").GetProperty("queryString").EnumerateArray().Select(it => it.GetProperty("name").GetString()));
    }

    private static async Task<JsonElement> ArchiveAsync(CapturedExchange exchange)
    {
        var output = new MemoryStream();
        await using var archive = new HarWriter(output, "0.1", comment: null);
        await archive.AddAsync(exchange, "node-1", CancellationToken.None);
        await archive.EndAsync(CancellationToken.None);
        return JsonDocument.Parse(output.ToArray()).RootElement;
    }

    private static async Task<CapturedExchange> ExchangeAsync(ExchangePolicy policy, string type, byte[] body, string? coding)
    {
        await using var origin = await TestOrigin.StartAsync(Http11, async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = type;
            context.Response.Headers.ContentEncoding = coding;
            context.Response.Headers.SetCookie = "id=1";
            await context.Response.Body.WriteAsync(body);
        });
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, policy, user: "alice");
        var request = server.Request(HttpMethod.Post, "/a%2Fb?x=1&token=2&session=3");
        request.Headers.Add("Authorization", "Basic x");
        request.Headers.Add("X-Api-Key", "x");
        request.Headers.Add("X-Plain", "yes");
        request.Content = new ByteArrayContent("hello=1&pass=2"u8.ToArray());
        using var answer = await server.SendAsync(request);
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync().InTime());
        return Assert.Single(await RememberedAsync(policy, 1));
    }

    private static async Task<IReadOnlyList<CapturedExchange>> RememberedAsync(ExchangePolicy policy, int count)
    {
        await policy.Capture!.Ring.CountAsync(count);
        return policy.Capture.Ring.All();
    }
}
