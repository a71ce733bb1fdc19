using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Protocol.Tests;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Http;

/// <summary>S22 and H4: what two implementations understand differently never makes a second request at the origin.</summary>
public sealed class SmugglingTests
{
    [NeedsToolFact("nginx")]
    public async Task Nginx_behind_the_proxy_sees_no_request_that_the_proxy_did_not_see()
    {
        using var proxy = await RunningProxy.StartAsync("akkasocks.listeners.main.protocols = [socks5, http]");
        using var nginx = await Nginx.StartAsync();
        foreach (var text in SmugglingCorpus.Malformed.Concat(SmugglingCorpus.Bodies))
        {
            var bytes = SmugglingCorpus.Bytes(text, $"127.0.0.1:{nginx.Port}");
            var answer = await Exchange(proxy.Endpoint, bytes);
            if (!SmugglingCorpus.Bodies.Contains(text))
                Assert.Matches("^HTTP/1.1 (400|505) ", answer);
        }

        // A request that may pass does, or the log would be empty for another reason.
        var control = await Exchange(
            proxy.Endpoint, Encoding.ASCII.GetBytes($"GET http://127.0.0.1:{nginx.Port}/control HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 404 ", control);
        await Eventually.TrueAsync(() => nginx.Log().Contains("/control", StringComparison.Ordinal), () => "nginx to log");
        Assert.DoesNotContain("/smuggled", nginx.Log());
        await proxy.StopWithoutComplaintAsync();
    }

    /// <summary>Sends, says it is done, and reads to the end.</summary>
    private static async Task<string> Exchange(IPEndPoint proxy, byte[] bytes)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(proxy).InTime();
        var said = new MemoryStream();
        try
        {
            await client.SendAllAsync(bytes).InTime();
            client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16 * 1024];
            while (await client.ReceiveAsync(buffer).InTime() is var n and > 0)
                said.Write(buffer, 0, n);
        }
        catch (SocketException)
        {
            // A reset is an answer as well: nothing more will come of these bytes.
        }

        return Encoding.Latin1.GetString(said.ToArray());
    }
}
