using System.Net;
using System.Text;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Tests.Bodies;
using AkkaSocks.Mitm.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Exchanges;

/// <summary>Each kind of rule between a client and an origin.</summary>
public sealed class RuledExchangeTests : IDisposable
{
    private static readonly Version Http11 = HttpVersion.Version11, Http2 = HttpVersion.Version20;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-map-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Block_and_mock_answer_instead_of_the_origin()
    {
        await using var origin = await TestOrigin.StartAsync(Http11, context => context.Response.WriteAsync("origin"));
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of("""
            rules = [
              { name = no, match { path = "/no" }, action { block { status = 451 } } }
              { name = stub, match { path = "/stub" }
                action { mock { status = 201, content-type = "application/json", body = "{\"a\":1}" }, response.set { X-Stub = yes } } }
            ]
            """));
        using var blocked = await server.GetAsync("/no");
        Assert.Equal(451, (int)blocked.StatusCode);
        Assert.Equal("blocked-by-rule", blocked.Headers.GetValues(OwnAnswer.ReasonField).Single());
        Assert.Contains("the rule no\n", await blocked.Content.ReadAsStringAsync());
        using var mocked = await server.GetAsync("/stub?x");
        Assert.Equal((201, "application/json", "{\"a\":1}", "yes"), (
            (int)mocked.StatusCode,
            mocked.Content.Headers.ContentType!.ToString(),
            await mocked.Content.ReadAsStringAsync(),
            mocked.Headers.GetValues("X-Stub").Single()));
        using var other = await server.GetAsync("/other");
        Assert.Equal("origin", await other.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/assets/a.js", 200, "text/javascript", "one")]
    [InlineData("/assets/", 200, "text/html", "index")]
    [InlineData("/assets/sub", 200, "text/html", "inner")]
    [InlineData("/assets/none", 404, null, null)]
    [InlineData("/assets/../secret", 200, null, "origin")]
    [InlineData("/assets/%2e%2e/secret", 200, null, "origin")]
    [InlineData("/assets/..%2fsecret", 404, null, null)]
    [InlineData("/assets/..%5csecret", 404, null, null)]
    [InlineData("/assets//etc/passwd", 404, null, null)]
    [InlineData("/assets/a.js%00", 400, null, null)]
    public async Task Files_come_from_the_directory_and_from_nowhere_else(string path, int status, string? type, string? body)
    {
        var site = _folder.CreateSubdirectory("site");
        site.CreateSubdirectory("sub");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "secret"), "secret");
        await File.WriteAllTextAsync(Path.Combine(site.FullName, "a.js"), "one");
        await File.WriteAllTextAsync(Path.Combine(site.FullName, "index.html"), "index");
        await File.WriteAllTextAsync(Path.Combine(site.FullName, "sub", "index.html"), "inner");
        await using var origin = await TestOrigin.StartAsync(Http11, context => context.Response.WriteAsync("origin"));
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            $$"""rules = [{ name = assets, match { path-prefix = "/assets/" }, action { map-local = "{{site.FullName}}" } }]"""));
        var request = server.Request(HttpMethod.Get, "/");
        request.RequestUri = new Uri(server.Url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var answer = await server.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        if (type is not null)
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        if (body is not null)
            Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_origin_is_asked_for_the_same_path()
    {
        await using var stage = await TestOrigin.StartAsync(Http11, context =>
            context.Response.WriteAsync($"{context.Request.Host} {context.Request.Path}{context.Request.QueryString}"));
        await using var server = await PrivateServer.StartAsync(Http11, 1, Policies.Of(
            $$"""rules = [{ name = stage, match {}, action { map-remote = "http://127.0.0.1:{{stage.Port}}" } }]"""));
        using var answer = await server.GetAsync("/a%20b?c");
        Assert.Equal($"127.0.0.1:{stage.Port} /a%20b?c", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Fields_are_set_and_removed_both_ways(int version)
    {
        var http = version == 2 ? Http2 : Http11;
        await using var origin = await TestOrigin.StartAsync(http, context =>
        {
            context.Response.Headers["X-Gone"] = "1";
            context.Response.Headers["X-New"] = "old";
            return context.Response.WriteAsync(
                $"{context.Request.Headers["X-Env"]} {context.Request.Headers.ContainsKey("X-Secret")} {context.Request.Host}");
        });
        await using var server = await PrivateServer.StartAsync(http, origin.Port, Policies.Of("""
            rules = [
              { name = a, action { request { set { X-Env = lab, Host = other.test }, remove = X-Secret } } }
              { name = b, action { response { set { X-New = new }, remove = [X-Gone] } } }
            ]
            """));
        var request = server.Request(HttpMethod.Get, "/");
        request.Headers.Add("X-Secret", "1");
        using var answer = await server.SendAsync(request);
        Assert.Equal("lab False other.test", await answer.Content.ReadAsStringAsync());
        Assert.Equal("new", answer.Headers.GetValues("X-New").Single());
        Assert.False(answer.Headers.Contains("X-Gone"));
    }

    [Theory]
    [InlineData("", "text")]
    [InlineData("gzip", "text")]
    [InlineData("br", "regex")]
    [InlineData("deflate", "text")]
    public async Task Bodies_are_decoded_and_replaced_both_ways(string coding, string kind)
    {
        var upload = "";
        await using var origin = await TestOrigin.StartAsync(Http11, async context =>
        {
            upload = await new StreamReader(context.Request.Body).ReadToEndAsync() + context.Request.Headers.ContentEncoding;
            var body = Encoding.UTF8.GetBytes("<p>ein gehe\u00edmnis und noch ein gehe\u00edmnis</p>");
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ETag = "\"1\"";
            if (coding.Length > 0)
            {
                context.Response.Headers.ContentEncoding = coding;
                body = DecodedBodyTests.Coded(body, coding);
            }

            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of($$"""
            rules = [
              { name = up, action { request.body-replace { text = "foo", with = "ba" } } }
              { name = down, match { response-type = "text/html" }
                action { response.body-replace { {{kind}} = "{{(kind == "text" ? "gehe\u00edmnis" : "gehe.mnis")}}", with = "***" } } }
            ]
            """));
        var request = server.Request(HttpMethod.Post, "/");
        var sent = Encoding.ASCII.GetBytes("a foo and a fo");
        request.Content = new ByteArrayContent(coding.Length > 0 ? DecodedBodyTests.Coded(sent, coding) : sent);
        if (coding.Length > 0)
            request.Content.Headers.ContentEncoding.Add(coding);
        using var answer = await server.SendAsync(request);
        Assert.Equal("<p>ein *** und noch ein ***</p>", await answer.Content.ReadAsStringAsync());
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Null(answer.Headers.ETag);
        Assert.Equal("a ba and a fo", upload);
    }

    [Fact]
    public async Task What_could_not_be_edited_is_not_asked_for()
    {
        using var origin = new ScriptedOrigin(_ => "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            "rules = [{ name = a, action { response.body-replace { text = a, with = b } } }]"));
        var request = server.Request(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "zstd, br;q=0.5, gzip");
        request.Headers.TryAddWithoutValidation("Range", "bytes=5-");
        using var answer = await server.SendAsync(request);
        Assert.Contains("\r\nAccept-Encoding: br;q=0.5, gzip\r\n", Assert.Single(origin.Heads));
        Assert.DoesNotContain("Range", origin.Heads[0]);
    }

    [Fact]
    public async Task Other_types_and_codings_pass_as_they_are()
    {
        await using var origin = await TestOrigin.StartAsync(Http11, context =>
        {
            context.Response.ContentType = context.Request.Path == "/plain" ? "text/plain" : "text/html";
            if (context.Request.Path == "/odd")
                context.Response.Headers.ContentEncoding = "zstd";
            context.Response.ContentLength = 6;
            return context.Response.WriteAsync("secret");
        });
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            "rules = [{ name = a, match { response-type = text/html }, action { response.body-replace { text = secret, with = x } } }]"));
        foreach (var (path, body) in (IEnumerable<(string, string)>)[("/plain", "secret"), ("/odd", "secret"), ("/html", "x")])
        {
            using var answer = await server.GetAsync(path);
            Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_bomb_that_would_be_edited_ends_in_a_reset()
    {
        var bomb = DecodedBodyTests.Coded(new byte[64 * 1024 * 1024], "gzip");
        await using var origin = await TestOrigin.StartAsync(Http11, context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(bomb).AsTask();
        });
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            "rules = [{ name = a, action { response.body-replace { text = secret, with = x } } }]"));
        var death = await Record.ExceptionAsync(async () =>
        {
            using var answer = await server.GetAsync("/");
            await answer.Content.CopyToAsync(Stream.Null).InTime();
        });
        Assert.True(death is HttpRequestException or IOException, $"{death}");
    }

    [Fact]
    public async Task A_body_too_long_for_a_regex_passes_as_it_is()
    {
        await using var origin = await TestOrigin.StartAsync(Http11, context => context.Response.WriteAsync(context.Request.QueryString.Value!));
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            "bodies.max-size = 10B, rules = [{ name = a, action { response.body-replace { regex = \"[?]\", with = x } } }]"));
        using var fits = await server.GetAsync("/?" + new string('a', 9));
        Assert.Equal("x" + new string('a', 9), await fits.Content.ReadAsStringAsync());
        using var longer = await server.GetAsync("/?" + new string('a', 10));
        Assert.Equal("?" + new string('a', 10), await longer.Content.ReadAsStringAsync());
    }

    /// <summary>Whoever looks for it by trying has a billion ways to fail.</summary>
    [Fact]
    public async Task A_regex_that_others_take_for_ever_over_takes_no_time()
    {
        var body = new string('a', 100_000) + "!";
        await using var origin = await TestOrigin.StartAsync(Http11, context => context.Response.WriteAsync(body));
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            "rules = [{ name = a, action { response.body-replace { regex = \"(a|aa)+$\", with = x } } }]"));
        using var answer = await server.GetAsync("/");
        Assert.Equal(body, await answer.Content.ReadAsStringAsync().InTime());
    }

    [Fact]
    public async Task A_type_of_response_can_be_blocked()
    {
        await using var origin = await TestOrigin.StartAsync(Http11, context =>
        {
            context.Response.ContentType = "video/mp4";
            return context.Response.WriteAsync("frames");
        });
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            "rules = [{ name = no-video, match { response-type = \"video/*\" }, action { block { status = 403 } } }]"));
        using var answer = await server.GetAsync("/");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("frames", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The pace is a lower bound on time, which a busy machine only makes longer.</summary>
    [Fact]
    public async Task A_throttled_body_takes_its_time_and_is_whole()
    {
        await using var origin = await TestOrigin.StartAsync(Http11, context => context.Response.Body.WriteAsync(new byte[6000]).AsTask());
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port, Policies.Of(
            "rules = [{ name = slow, action { throttle { down = 10000B/s }, delay = 200ms } }]"));
        var since = System.Diagnostics.Stopwatch.StartNew();
        using var answer = await server.GetAsync("/");
        Assert.Equal(6000, (await answer.Content.ReadAsByteArrayAsync()).Length);
        Assert.True(since.ElapsedMilliseconds >= 700, $"{since.ElapsedMilliseconds} ms");
    }
}
