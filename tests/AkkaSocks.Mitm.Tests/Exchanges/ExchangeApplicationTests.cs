using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Protocol.Tests;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Exchanges;

/// <summary>P5 to P9 and P13 of the list of pitfalls, and what must not happen when one of the two sides goes.</summary>
public sealed class ExchangeApplicationTests
{
    private static readonly Version Http11 = HttpVersion.Version11, Http2 = HttpVersion.Version20;

    public static TheoryData<int> Versions => [1, 2];

    [Theory]
    [InlineData("/a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c")]
    [InlineData("/?")]
    [InlineData("/.//./%2e%2E/")]
    [InlineData("/q?a=b?c=/../d&e={f}\"'<>`^\\")]
    [InlineData("//double//slash")]
    public async Task Request_target_reaches_the_origin_byte_for_byte(string target)
    {
        using var origin = new ScriptedOrigin(_ => "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port);
        var answer = await RawAsync(server, $"GET {target} HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 204 ", answer);
        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", Assert.Single(origin.Heads));
    }

    [Fact]
    public async Task Fields_go_through_as_they_are_and_those_of_one_hop_do_not()
    {
        using var origin = new ScriptedOrigin(_ => Encoding.Latin1.GetBytes(
            "HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Bytes: \u00e9\u00ff\r\nServer: its own\r\n"
            + "Alt-Svc: h3=\":443\"\r\nConnection: x-hop\r\nX-Hop: 1\r\n\r\nok"));
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port);
        var answer = await RawAsync(
            server,
            "GET / HTTP/1.1\r\nHost: example.test:8080\r\nUpgrade-Insecure-Requests: 1\r\nX-Bytes: \u00e4\u0080\r\nX-Twice: 1\r\nX-Twice: 2\r\n"
            + "Accept-Encoding: zstd, x\r\nCookie: c=d\r\nConnection: x-mine\r\nX-Mine: 1\r\nKeep-Alive: 5\r\n\r\n");
        var head = Assert.Single(origin.Heads);
        foreach (var field in (string[])
            [
                "Host: example.test:8080", "Upgrade-Insecure-Requests: 1", "X-Bytes: \u00e4\u0080", "Accept-Encoding: zstd, x", "Cookie: c=d",
            ])
            Assert.Contains($"\r\n{field}\r\n", head);
        Assert.Matches("X-Twice: 1(, |\r\nX-Twice: )2\r\n", head);
        foreach (var absent in (string[])["X-Mine", "Keep-Alive", "traceparent", "User-Agent", "X-Forwarded", "Via"])
            Assert.DoesNotContain(absent, head, StringComparison.OrdinalIgnoreCase);
        foreach (var field in (string[])["Set-Cookie: a=1", "Set-Cookie: b=2", "X-Bytes: \u00e9\u00ff", "Server: its own"])
            Assert.Contains($"\r\n{field}\r\n", answer);
        Assert.DoesNotContain("X-Hop", answer);

        // Whoever follows it comes back by UDP, where nobody looks.
        Assert.DoesNotContain("Alt-Svc", answer);
        Assert.EndsWith("\r\n\r\nok", answer);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Head_of_a_response_does_not_wait_for_its_body(int version)
    {
        var body = new TaskCompletionSource();
        await using var origin = await TestOrigin.StartAsync(Of(version), async context =>
        {
            await context.Response.Body.FlushAsync();
            await body.Task.InTime();
            await context.Response.WriteAsync("late");
        });
        await using var server = await PrivateServer.StartAsync(Of(version), origin.Port);
        using var answer = await server.GetAsync("/");
        body.SetResult();
        Assert.Equal("late", await answer.Content.ReadAsStringAsync().InTime());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Bytes_of_an_upload_do_not_wait_for_more_and_its_head_for_none(int version)
    {
        var head = new TaskCompletionSource();
        var first = new TaskCompletionSource();
        await using var origin = await TestOrigin.StartAsync(Of(version), async context =>
        {
            head.SetResult();
            await context.Request.Body.ReadExactlyAsync(new byte[3]);
            first.SetResult();
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        await using var server = await PrivateServer.StartAsync(Of(version), origin.Port);
        var body = new SlowContent(async stream =>
        {
            await stream.FlushAsync();
            await head.Task.InTime();
            await stream.WriteAsync("one"u8.ToArray());
            await stream.FlushAsync();
            await first.Task.InTime();
            await stream.WriteAsync("two"u8.ToArray());
        });
        var request = server.Request(HttpMethod.Post, "/");
        request.Content = body;
        using var answer = await server.SendAsync(request);
        Assert.Equal("two", await answer.Content.ReadAsStringAsync().InTime());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Origin_that_dies_in_a_body_is_a_reset_and_no_complete_answer(int version)
    {
        var begun = new TaskCompletionSource();
        await using var origin = await TestOrigin.StartAsync(Of(version), async context =>
        {
            if (context.Request.Path == "/fine")
                return;
            await context.Response.WriteAsync("some");
            await context.Response.Body.FlushAsync();
            await begun.Task.InTime();
            context.Abort();
        });
        await using var server = await PrivateServer.StartAsync(Of(version), origin.Port);
        using var answer = await server.GetAsync("/dies");
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[4]).InTime();
        begun.SetResult();
        var death = await Record.ExceptionAsync(() => body.ReadAsync(new byte[1]).InTime());
        Assert.True(death is HttpRequestException or IOException, $"{death}");
        using var next = await server.GetAsync("/fine");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Origin_that_promises_more_than_it_sends_is_no_complete_answer()
    {
        using var origin = new ScriptedOrigin(
            _ => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour"u8.ToArray(), closes: true);
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port);
        var death = await Record.ExceptionAsync(async () =>
        {
            using var answer = await server.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await answer.Content.ReadAsStringAsync().InTime();
        });
        Assert.True(death is HttpRequestException or IOException, $"{death}");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Sizes_that_servers_refuse_go_through(int version)
    {
        await using var origin = await TestOrigin.StartAsync(Of(version), async context =>
        {
            var bytes = 0L;
            var buffer = new byte[64 * 1024];
            while (await context.Request.Body.ReadAsync(buffer) is var n and > 0)
                bytes += n;
            context.Response.Headers["X-Long"] = new string('r', 12_000);
            context.Response.Headers["X-Longer"] = new string('s', 12_000);
            await context.Response.WriteAsync($"{bytes} {context.Request.Headers.Count > 300} {context.Request.QueryString.Value!.Length}");
        });
        await using var server = await PrivateServer.StartAsync(Of(version), origin.Port);
        var request = server.Request(HttpMethod.Put, "/?" + new string('q', 20_000));
        for (var i = 0; i < 300; i++)
            request.Headers.Add($"X-{i}", new string('v', 100));
        request.Content = new ByteArrayContent(new byte[31 * 1024 * 1024]);
        using var answer = await server.SendAsync(request);
        Assert.Equal($"{31 * 1024 * 1024} True 20001", await answer.Content.ReadAsStringAsync().InTime());
        Assert.Equal(12_000, answer.Headers.GetValues("X-Longer").Single().Length);
    }

    [Fact]
    public async Task Trailers_go_through()
    {
        await using var origin = await TestOrigin.StartAsync(Http2, async context =>
        {
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("grpc-status", "7");
        });
        await using var server = await PrivateServer.StartAsync(Http2, origin.Port);
        using var answer = await server.GetAsync("/");
        Assert.Equal("body", await answer.Content.ReadAsStringAsync().InTime());
        Assert.Equal("7", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 304)]
    public async Task Length_of_a_body_that_is_not_sent_is_kept(string method, int status)
    {
        using var origin = new ScriptedOrigin(_ => Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: 1234\r\nETag: \"x\"\r\n\r\n"));
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port);
        using var answer = await server.SendAsync(server.Request(new HttpMethod(method), "/"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(1234, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Interim_answers_are_left_out_and_the_final_one_comes()
    {
        using var origin = new ScriptedOrigin(
            _ => "HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port);
        var answer = await RawAsync(server, "GET / HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        Assert.DoesNotContain("Link", answer);
        Assert.EndsWith("\r\n\r\nok", answer);
    }

    [Fact]
    public async Task Origin_that_is_refused_is_explained_and_the_reason_named()
    {
        await using var server = await PrivateServer.StartAsync(
            Http11, 1, connect: (_, _) => throw new DialRefusedException(Refusal.CommandNotAllowed));
        using var answer = await server.GetAsync("/");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(Refusal.CommandNotAllowed.ToLabel(), answer.Headers.GetValues(OwnAnswer.ReasonField).Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("CONNECT example.test:443 HTTP/1.1")]
    public async Task Targets_that_name_no_path_are_refused(string line)
    {
        using var origin = new ScriptedOrigin(_ => []);
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port);
        Assert.StartsWith("HTTP/1.1 400 ", await RawAsync(server, $"{line}\r\nHost: example.test:443\r\n\r\n"));
        Assert.Empty(origin.Heads);
    }

    [Fact]
    public async Task Absolute_target_is_as_good_as_a_path()
    {
        using var origin = new ScriptedOrigin(_ => "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        await using var server = await PrivateServer.StartAsync(Http11, origin.Port);
        await RawAsync(server, "GET http://example.test/a%2f?b HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("GET /a%2f?b HTTP/1.1\r\n", Assert.Single(origin.Heads));
    }

    [Fact]
    public async Task Origin_gets_no_request_that_was_not_judged()
    {
        using var origin = new ScriptedOrigin(_ => "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        var judged = new ConcurrentQueue<string>();
        await using var server = await PrivateServer.StartAsync(
            Http11, origin.Port, application: forwarder => new Watched(new ExchangeApplication(forwarder, Policies.None, new ExchangeFigures()), judged));
        foreach (var text in SmugglingCorpus.Malformed.Concat(SmugglingCorpus.Bodies))
            await RawAsync(server, Encoding.Latin1.GetString(SmugglingCorpus.Bytes(text, "example.test")));
        await RawAsync(server, "GET /control HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n");
        Assert.Contains(origin.Heads, head => head.StartsWith("GET /control ", StringComparison.Ordinal));

        // What Kestrel takes for two requests is judged as two and goes on as two; the origin must never be the first to see a second.
        Assert.Equal(
            judged.Count(path => path == "/smuggled"),
            origin.Heads.Count(head => head.StartsWith("GET /smuggled ", StringComparison.Ordinal)));
    }

    private static Version Of(int version) => version == 2 ? Http2 : Http11;

    /// <summary>Sends bytes, says that there are no more, and reads to the end.</summary>
    private static async Task<string> RawAsync(PrivateServer server, string request)
    {
        using var client = await server.ConnectAsync();
        var said = new MemoryStream();
        try
        {
            await client.SendAsync(Encoding.Latin1.GetBytes(request));
            client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16 * 1024];
            while (await client.ReceiveAsync(buffer).InTime() is var n and > 0)
                said.Write(buffer, 0, n);
        }
        catch (SocketException)
        {
            // A reset is an answer as well.
        }

        return Encoding.Latin1.GetString(said.ToArray());
    }

    private sealed class Watched(IHttpApplication<HttpContext> application, ConcurrentQueue<string> paths) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => application.CreateContext(contextFeatures);

        public void DisposeContext(HttpContext context, Exception? exception) => application.DisposeContext(context, exception);

        public Task ProcessRequestAsync(HttpContext context)
        {
            paths.Enqueue(context.Request.Path.Value!);
            return application.ProcessRequestAsync(context);
        }
    }

    private sealed class SlowContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
