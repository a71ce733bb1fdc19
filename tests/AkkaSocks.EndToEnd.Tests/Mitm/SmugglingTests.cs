using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.EndToEnd.Tests.Http;
using AkkaSocks.EndToEnd.Tests.Interception;
using AkkaSocks.Protocol.Tests;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>What two implementations understand differently makes no request at an origin that was not looked into.</summary>
public sealed partial class SmugglingTests
{
    [NeedsToolFact("nginx")]
    public async Task Nginx_sees_no_request_that_the_rules_have_not_seen()
    {
        using var node = await ExchangeNode.StartAsync("");
        using var nginx = await Nginx.StartAsync();
        string[] texts =
            [.. SmugglingCorpus.Malformed, .. SmugglingCorpus.Bodies, "GET /control HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"];
        var clients = new List<string>();
        for (var i = 0; i < texts.Length; i++)
            clients.Add(await SayAsync(texts[i].Replace("/smuggled", $"/smuggled-{i}", StringComparison.Ordinal)));

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node.Admin) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminNode.Token);
        await Eventually.TrueAsync(
            () => nginx.Log().Contains("/control", StringComparison.Ordinal), () => "nginx to log what may pass");
        await Eventually.TrueAsync(() => node.Sessions().Count(it => it == '\n') == texts.Length, () => "the sessions to end");

        // Some of it are two requests to Kestrel too, which judges two; what does not look like HTTP at first is not looked into at all.
        var untouched = node.Sessions().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("intercept").GetString() == "other-protocol")
            .Select(line => clients.IndexOf(line.GetProperty("client").GetString()!));
        var seen = Smuggled().Matches(await http.GetStringAsync("/v1/exchanges?limit=1000")).Select(Number);
        Assert.Empty(Smuggled().Matches(nginx.Log()).Select(Number).Except(seen).Except(untouched));

        async Task<string> SayAsync(string text)
        {
            using var client = await SocksClient.OpenAsync(node.Socks, new IPEndPoint(IPAddress.Loopback, nginx.Port));
            var from = $"{client.Socket.LocalEndPoint}";
            try
            {
                await client.SendAsync(SmugglingCorpus.Bytes(text, $"127.0.0.1:{nginx.Port}"));
                client.Socket.Shutdown(SocketShutdown.Send);
                await client.EndAsync();
            }
            catch (SocketException)
            {
                // It is not even read to its end.
            }

            return from;
        }

        static int Number(Match match) => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"/smuggled-(\d+)")]
    private static partial Regex Smuggled();
}
