using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka;
using Akka.IO;
using Akka.Streams.Dsl;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Mitm.Distortion;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>TLS without HTTP in it is opened, and its bytes go through the flows that match; ends go through as well.</summary>
public sealed class FlowsInsideTlsTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    private static readonly string Flows = $$"""
        akkasocks.mitm.raw-flows = [
          { name = cut, match { host = torn.test }, down = [{ drop-after = 3B }] }
          { name = loud, match { host = mail.test }
            up = [{ chunk = 2B }, { own { type = "{{typeof(UpperCase).FullName}}, {{typeof(UpperCase).Assembly.Location}}" } }]
            down = [{ replace { text = HELLO, with = GOODBYE } }, { chunk = 3B }] }
        ]
        """;

    [Theory]
    [InlineData("mail.test", "GOODBYE\r\n", "BYE")]
    [InlineData("other.test", "hello\r\n", "bye")]
    public async Task Flows_see_what_is_inside_and_match_decides(string name, string heard, string last)
    {
        using var proxy = await node.StartAsync(Flows);
        using var origin = Serving(name);
        using var socks = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);
        await using var client = await OpenAsync(socks, name);

        await client.WriteAsync("hello\r\n"u8.ToArray());
        Assert.Equal(heard, await HearAsync(client, heard.Length));
        await client.WriteAsync("bye"u8.ToArray());

        // The destination answers after the client's end, which has to reach it.
        await client.ShutdownAsync();
        Assert.Equal(last + "!", await HearAsync(client, last.Length + 1));
        Assert.Equal(0, await client.ReadAsync(new byte[1]).InTime());
        socks.Socket.Shutdown(SocketShutdown.Both);

        var line = await proxy.SessionToAsync(origin.Endpoint.Port);
        Assert.Equal(
            ("tls-without-http", "completed"), (line.GetProperty("intercept").GetString(), line.GetProperty("end").GetString()));
    }

    [Fact]
    public async Task A_flow_that_cuts_resets_the_client_and_the_log_says_so()
    {
        using var proxy = await node.StartAsync(Flows);
        using var origin = Serving("torn.test");
        using var socks = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);
        await using var client = await OpenAsync(socks, "torn.test");

        await client.WriteAsync("hello\r\n"u8.ToArray());
        Assert.IsNotType<EndOfStreamException>(await Assert.ThrowsAnyAsync<IOException>(() => HearAsync(client, 4)));

        Assert.Equal("cut", (await proxy.SessionToAsync(origin.Endpoint.Port)).GetProperty("end").GetString());
    }

    /// <summary>Echoes; what it has heard when its client ends, it says once more, behind it an exclamation mark.</summary>
    private Origin Serving(string name)
    {
        var certificate = X509Certificate2.CreateFromPemFile(node.Files.Issue(name), node.Files.Path($"{name}.pem"));
        return Origin.Serving(async connection =>
        {
            await using var tls = new SslStream(new NetworkStream(connection));
            await tls.AuthenticateAsServerAsync(certificate);
            var heard = "";
            var buffer = new byte[100];
            while (await tls.ReadAsync(buffer) is var n and > 0)
            {
                heard += Encoding.ASCII.GetString(buffer, 0, n);
                while (heard.IndexOf('\n') is var end and >= 0)
                {
                    await tls.WriteAsync(Encoding.ASCII.GetBytes(heard[..(end + 1)]));
                    heard = heard[(end + 1)..];
                }
            }

            await tls.WriteAsync(Encoding.ASCII.GetBytes(heard + "!"));
            await tls.ShutdownAsync();
        });
    }

    private static async Task<SslStream> OpenAsync(SocksClient socks, string name)
    {
        var client = new SslStream(new NetworkStream(socks.Socket), false, (_, shown, _, _) =>
            shown!.Issuer.Contains("AkkaSocks", StringComparison.Ordinal));
        await client.AuthenticateAsClientAsync(name).InTime();
        return client;
    }

    private static async Task<string> HearAsync(SslStream stream, int count)
    {
        var heard = new byte[count];
        await stream.ReadExactlyAsync(heard).AsTask().InTime();
        return Encoding.ASCII.GetString(heard);
    }
}

/// <summary>A flow as an operator would write one; the proxy loads it from this assembly.</summary>
public sealed class UpperCase : IRawFlowFactory
{
    public Flow<ByteString, ByteString, NotUsed> Create(RawFlowContext context) => Flow.Create<ByteString>()
        .Select(bytes => ByteString.FromBytes(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(bytes.ToArray()).ToUpperInvariant())));
}
