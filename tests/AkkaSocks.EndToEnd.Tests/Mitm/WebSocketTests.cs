using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.EndToEnd.Tests.Http;
using AkkaSocks.EndToEnd.Tests.Interception;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>WebSockets between clients and origins that do not know the same ways of opening one.</summary>
public sealed class WebSocketTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    /// <summary>npm's <c>ws</c> through SOCKS5; says each argument and prints what it hears.</summary>
    private const string Program = """
        const WebSocket = require('ws'), { SocksProxyAgent } = require('socks-proxy-agent');
        const [proxy, url, ca] = process.argv.slice(2);
        const socket = new WebSocket(url, { agent: new SocksProxyAgent(proxy), ca: require('fs').readFileSync(ca) });
        socket.on('error', error => { console.error(error.message); process.exit(1); });
        socket.on('open', () => socket.send('x'.repeat(200000)));
        socket.on('message', data => { console.log(data.length, `${data}` === 'x'.repeat(200000)); socket.close(1000); });
        socket.on('close', (code, reason) => console.log(code, `${reason}`));
        """;

    [Fact]
    public async Task Without_TLS_a_message_comes_back()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);

        Assert.Equal("hello", await SayAsync(origin.Url("www.test", "socket"), "1.1"));
    }

    /// <summary>P11: a client is told that it may, since the private server always says so; then it must work.</summary>
    [NeedsToolFact("nginx")]
    public async Task Within_HTTP_2_it_reaches_an_origin_that_knows_WebSockets_in_HTTP_1_1_only()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        using var nginx = await Nginx.StartAsync(
            $"ssl_certificate {node.Files.Issue("www.test")}; ssl_certificate_key {node.Files.Path("www.test.pem")};\n"
                + $"location / {{ proxy_pass http://127.0.0.1:{origin.Port}; proxy_http_version 1.1; "
                + "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection; }",
            "ssl http2");

        Assert.Equal("hello", await SayAsync($"https://www.test:{nginx.Port}/socket", "2.0"));
        Assert.Equal("https", await node.OutcomeAsync(nginx.Port));
    }

    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task Messages_that_were_compressed_are_exported_as_they_were_said(string version, HttpProtocols protocols)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), protocols);
        using var exchanges = await ExchangeNode.StartAsync("capture.level = bodies, upstream.verify = off");
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            Proxy = new System.Net.WebProxy($"socks5://{exchanges.Socks}"),
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Issuer.Contains("AkkaSocks", StringComparison.Ordinal),
            },
        });

        Assert.Equal("hello", await SayAsync(origin.Url("127.0.0.1", "socket"), version, http, compresses: true));

        var entries = new List<JsonElement>();
        await Eventually.TrueAsync(
            async () =>
            {
                var archive = await exchanges.VerbAsync("har", "export");
                entries = [.. JsonDocument.Parse(archive.Output).RootElement.GetProperty("log").GetProperty("entries").EnumerateArray()];
                return entries.Count > 0;
            },
            "the exchange to be over");
        var messages = Assert.Single(entries).GetProperty("_webSocketMessages").EnumerateArray()
            .Where(message => message.GetProperty("opcode").GetInt32() == 1)
            .Select(message => (message.GetProperty("type").GetString(), message.GetProperty("data").GetString()));
        Assert.Equal([("send", "hello"), ("receive", "hello")], messages);
    }

    [LongFact("node", "npm"), Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task The_WebSocket_client_of_Node_js_notices_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-npm-");
        var npm = await Tool.RunAsync(
            "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder.FullName, "ws@8", "socks-proxy-agent@8");
        Assert.Equal((0, ""), (npm.ExitCode, npm.Errors));
        var script = Path.Combine(folder.FullName, "client.js");
        await File.WriteAllTextAsync(script, Program);
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1);

        var client = await Tool.RunAsync(
            "node", script, node.Socks, origin.Url("www.test", "socket").Replace("https", "wss", StringComparison.Ordinal), node.Authority);

        Assert.Equal((0, "200000 true\n1000 over\n", ""), (client.ExitCode, client.Text, client.Errors));
        Assert.Equal("https", await node.OutcomeAsync(origin.Port));
        folder.Delete(recursive: true);
    }

    private async Task<string> SayAsync(string url, string version)
    {
        using var http = new HttpMessageInvoker(node.Client());
        return await SayAsync(url, version, http, compresses: false);
    }

    /// <summary>Says hello, closes, and gives what it heard.</summary>
    private static async Task<string> SayAsync(string url, string version, HttpMessageInvoker http, bool compresses)
    {
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.DangerousDeflateOptions = compresses ? new WebSocketDeflateOptions() : null;
        await socket.ConnectAsync(new Uri(url.Replace("http", "ws", StringComparison.Ordinal)), http, CancellationToken.None).InTime();
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).InTime();
        var buffer = new byte[100];
        var heard = await socket.ReceiveAsync(buffer, CancellationToken.None).InTime();
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).InTime();
        return Encoding.ASCII.GetString(buffer, 0, heard.Count);
    }
}
