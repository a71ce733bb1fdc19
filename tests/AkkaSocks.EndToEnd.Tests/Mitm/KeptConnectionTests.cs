using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>A client that thinks between its requests keeps its connection, whoever carries them.</summary>
public sealed class KeptConnectionTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    // Kestrel looks for connections whose time is up once a second.
    private static readonly TimeSpan Thinking = TimeSpan.FromSeconds(2.5);

    [Theory]
    [InlineData("http", "http://vault.bank.test", "1.1")]
    [InlineData("http", "http://www.test", "1.1")]
    [InlineData("socks5", "http://www.test", "1.1")]
    [InlineData("socks5", "https://www.test", "1.1")]
    [InlineData("socks5", "https://www.test", "2.0")]
    public async Task It_is_not_closed_between_two_requests(string proxy, string site, string version)
    {
        var isTls = site.StartsWith("https", StringComparison.Ordinal);
        await using var origin = await WebOrigin.StartAsync(
            isTls ? node.Files.Issue("www.test") : null, isTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1);
        var opened = new List<Socket>();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            Proxy = new WebProxy($"{proxy}://{node.Proxy.Endpoint}"),
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                opened.Add(socket);
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var url = new Uri(origin.Url(new Uri(site).Host, "hello"));

        Assert.StartsWith("hello by", await client.GetStringAsync(url).InTime());

        // A session that ends has a line.
        await Assert.ThrowsAsync<TimeoutException>(() => node.Proxy.SessionToAsync(origin.Port).WaitAsync(Thinking));
        Assert.StartsWith("hello by", await client.GetStringAsync(url).InTime());
        Assert.Single(opened);
    }
}
