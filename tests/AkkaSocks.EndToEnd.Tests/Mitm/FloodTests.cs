using System.Net.Sockets;
using System.Text;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>Clients that want to hurt whoever understands them: each is stopped, costs little, and harms nobody else.</summary>
[Collection(Alone.Name)]
public sealed class FloodTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    // What the bombs below would take at the least, were they let.
    private const long MayGrow = 100 * 1024 * 1024;

    /// <summary>12,000 times a field of 4,000 bytes in one frame, on stream after stream: 48 MB for 16 KB.</summary>
    [Fact]
    public async Task A_bomb_of_header_compression_ends_its_connection()
    {
        byte[] bomb =
        [
            .. Http2Bytes.Get("/hello"), .. Http2Bytes.RememberedField("x", new string('x', 4000)),
            .. Enumerable.Repeat(Http2Bytes.LastRemembered, 12_000),
        ];

        await IsStoppedAsync(async client =>
        {
            for (var stream = 1; stream < 200; stream += 2)
                await client.SendAsync(Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndStream | Http2Bytes.EndHeaders, stream, bomb));
        });
    }

    [Fact]
    public async Task A_head_that_never_ends_ends_its_connection()
    {
        var fields = Enumerable.Range(0, 200).SelectMany(i => Http2Bytes.Field($"x-{i}", new string('x', 60))).ToArray();

        await IsStoppedAsync(async client =>
        {
            await client.SendAsync(Http2Bytes.Frame(Http2Bytes.Headers, Http2Bytes.EndStream, 1, Http2Bytes.Get("/hello")));
            for (var i = 0; i < 10_000; i++)
                await client.SendAsync(Http2Bytes.Frame(Http2Bytes.Continuation, 0, 1, fields));
        });
    }

    /// <summary>CVE-2023-44487: requests that are taken back as soon as they are made.</summary>
    [Fact]
    public async Task Requests_that_are_taken_back_at_once_end_their_connection()
    {
        await IsStoppedAsync(async client =>
        {
            for (var stream = 1; stream < 400_000; stream += 200)
            {
                await client.SendAsync([.. Enumerable.Range(0, 100).SelectMany(i => (byte[])
                [
                    .. Http2Bytes.Frame(
                        Http2Bytes.Headers, Http2Bytes.EndStream | Http2Bytes.EndHeaders, stream + (2 * i), Http2Bytes.Get("/events")),
                    .. Http2Bytes.Frame(Http2Bytes.RstStream, 0, stream + (2 * i), [0, 0, 0, 8]),
                ])]);
            }
        });
    }

    /// <summary>By HTTP/1.1; by HTTP/2 it is the head that never ends.</summary>
    [Fact]
    public async Task Fields_beyond_all_measure_are_refused_and_the_origin_hears_nothing()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        using var client = await SocksClient.OpenAsync(node.Proxy.Endpoint, new(System.Net.IPAddress.Loopback, origin.Port));

        // It need not be read to its end to be refused.
        var answer = client.ReceiveAsync("HTTP/1.1 431 ".Length);
        var fields = string.Concat(Enumerable.Range(0, 30).Select(i => $"X-{i}: {new string('x', 10_000)}\r\n"));
        await Record.ExceptionAsync(
            () => client.SendAsync(Encoding.ASCII.GetBytes($"GET /hello HTTP/1.1\r\nHost: www.test\r\n{fields}\r\n")));

        Assert.Equal("HTTP/1.1 431 ", Encoding.ASCII.GetString(await answer));
        Assert.Equal(0, origin.Requests);
    }

    /// <summary>Sends bytes for as long as they are taken: it is the proxy that ends that. Meanwhile another client is served.</summary>
    private async Task IsStoppedAsync(Func<SocksClient, Task> flood)
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http2);
        await node.Curl("--http2-prior-knowledge", origin.Url("www.test", "hello"));
        var before = node.Proxy.Figures.ResidentBytes;
        node.Proxy.Figures.ForgetPeak();
        using var client = await SocksClient.OpenAsync(node.Proxy.Endpoint, new(System.Net.IPAddress.Loopback, origin.Port));
        await client.SendAsync(Http2Bytes.Preface);

        var ended = client.EndAsync();
        var sent = Record.ExceptionAsync(() => flood(client));
        var other = await node.Curl("--http2-prior-knowledge", origin.Url("www.test", "hello"));
        Assert.Equal(("hello by HTTP/2", ""), (other.Text, other.Errors));

        Assert.True(await sent.InTime() is null or SocketException);
        await ended.InTime();
        Assert.InRange(node.Proxy.Figures.PeakBytes - before, 0, MayGrow);
    }
}
