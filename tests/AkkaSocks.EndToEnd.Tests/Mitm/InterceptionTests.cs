using System.Net;
using System.Net.WebSockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.EndToEnd.Tests.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>HTTP that is looked into reaches its origin and comes back, in all its kinds.</summary>
public sealed class InterceptionTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    [NeedsToolTheory("curl")]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task Curl_trusts_what_it_is_shown_and_gets_the_page(string version, string spoken)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);

        var curl = await node.Curl(version, "-w", " %{ssl_verify_result} %{http_version}", origin.Url("www.test", "hello"));

        Assert.Equal($"hello by HTTP/{spoken} 0 {spoken}", curl.Text);
        Assert.Equal("https", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolFact("curl")]
    public async Task Through_CONNECT_it_is_the_same()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"http://{node.Proxy.Endpoint}", "--cacert", node.Authority, origin.Url("www.test", "hello"));

        Assert.Equal("hello by HTTP/2", curl.Text);
        Assert.Equal("https", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolFact("curl")]
    public async Task A_client_is_given_what_the_origin_speaks()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1);

        Assert.Equal("hello by HTTP/1.1 1.1", (await node.Curl("--http2", "-w", " %{http_version}", origin.Url("www.test", "hello"))).Text);
    }

    /// <summary>P16: curl offers http/1.0 alone then, which origins do not know.</summary>
    [NeedsToolFact("curl")]
    public async Task A_client_that_offers_HTTP_1_0_gets_the_page_too()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);

        Assert.Equal("hello by HTTP/1.1", (await node.Curl("--http1.0", origin.Url("www.test", "hello"))).Text);
        Assert.Equal("https", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolTheory("curl")]
    [InlineData("--http1.1", HttpProtocols.Http1, "1.1")]
    [InlineData("--http2-prior-knowledge", HttpProtocols.Http2, "2")]
    public async Task Without_TLS_it_is_looked_into_as_well(string version, HttpProtocols protocols, string spoken)
    {
        await using var origin = await WebOrigin.StartAsync(null, protocols);

        Assert.Equal($"hello by HTTP/{spoken}", (await node.Curl(version, origin.Url("www.test", "hello"))).Text);
        Assert.Equal("http", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolFact("curl")]
    public async Task The_origin_sees_the_target_byte_for_byte()
    {
        await using var origin = await RawOrigin.StartAsync();

        await node.Curl("--path-as-is", $"http://www.test:{origin.Port}/a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c");

        Assert.StartsWith("GET /a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c HTTP/1.1\r\n", Assert.Single(origin.Requests));
    }

    [NeedsToolTheory("curl")]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Many_requests_of_one_client_go_by_one_connection(string version)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);

        var curl = await node.Curl(version, $"{origin.Url("www.test", "hello")}?[1-50]");

        Assert.Equal((50 * $"hello by HTTP/{(version == "--http2" ? "2" : "1.1")}".Length, 1), (curl.Text.Length, origin.Connections));
    }

    [Fact]
    public async Task A_stream_goes_both_ways_at_once_and_ends_with_its_trailer()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http2);
        using var http = new HttpClient(node.Client());
        var talk = new TalkingContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, origin.Url("www.test", "echo"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = talk,
        };

        // Without a byte of the body: the headers must come ahead of it.
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).InTime();
        await using var echo = await response.Content.ReadAsStreamAsync();
        foreach (var word in new[] { "one", "two", "three" })
        {
            await talk.SayAsync(word);
            var heard = new byte[word.Length];
            await echo.ReadExactlyAsync(heard).AsTask().InTime();
            Assert.Equal(word, System.Text.Encoding.ASCII.GetString(heard));
        }

        talk.End();
        Assert.Equal(0, await echo.ReadAsync(new byte[1]).InTime());
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    [InlineData("1.1", HttpProtocols.Http1AndHttp2)]
    public async Task A_WebSocket_carries_large_messages_and_its_close(string version, HttpProtocols protocols)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), protocols);
        using var http = new HttpMessageInvoker(node.Client());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri(origin.Url("www.test", "socket").Replace("https", "wss")), http, CancellationToken.None).InTime();

        var message = new byte[200_000];
        Random.Shared.NextBytes(message);
        await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).InTime();
        var heard = new byte[message.Length];
        for (var got = 0; got < heard.Length;)
            got += (await socket.ReceiveAsync(heard.AsMemory(got), CancellationToken.None).InTime()).Count;
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).InTime();

        Assert.Equal(message, heard);
        Assert.Equal("over", socket.CloseStatusDescription);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_origin_hears_when_a_client_of_an_endless_answer_has_left(int version)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);
        using var http = new HttpClient(node.Client());
        using var request = new HttpRequestMessage(HttpMethod.Get, origin.Url("www.test", "events"))
        {
            Version = new Version(version, version == 1 ? 1 : 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using (var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).InTime())
        {
            var first = new byte["data: one\n\n".Length];
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(first).AsTask().InTime();
        }

        http.Dispose();
        await origin.EventsEnded.Task.InTime();
    }

    [NeedsToolTheory("curl")]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task An_answer_that_is_cut_short_never_looks_complete(string version)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);

        var curl = await node.Curl(version, "-o", "/dev/null", "-w", "%{http_code}", origin.Url("www.test", "cut"));

        // Where the reset comes before the proxy has read the answer's head, there is no answer but the proxy's own.
        Assert.True(curl.ExitCode is 18 or 56 or 92 || curl.Text == "502", $"{curl.ExitCode}: {curl.Text} {curl.Errors}");
    }

    /// <summary>A body of a request that is said word by word.</summary>
    private sealed class TalkingContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new();
        private readonly TaskCompletionSource _ended = new();

        public async Task SayAsync(string word)
        {
            var stream = await _stream.Task.InTime();
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(word));
            await stream.FlushAsync();
        }

        public void End() => _ended.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // P13: without it the client itself keeps the headers to itself.
            await stream.FlushAsync();
            _stream.SetResult(stream);
            await _ended.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
