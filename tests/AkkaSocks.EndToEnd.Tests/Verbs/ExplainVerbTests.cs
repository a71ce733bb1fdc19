using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

/// <summary>From a refused connection to its cause in one command, on a real node.</summary>
public sealed class ExplainVerbTests
{
    [Fact]
    public async Task A_decision_is_traced_to_the_line_of_the_configuration()
    {
        using var node = await ExplainedNode.StartAsync();

        var allowed = await node.RunAsync("explain", "-", "192.0.2.9:80");
        Assert.Equal((0, ""), (allowed.ExitCode, allowed.Errors));
        Assert.Matches("(?m)^interception +passed +untouched: interception is off +by default$", allowed.Output);
        Assert.StartsWith($"allowed\na client may connect to 192.0.2.9:80\n\ndecided by  akkasocks.egress.allow[0] = \"192.0.2.0/24\", {node.File}:7\n", allowed.Output);

        var refused = await node.RunAsync("explain", "-", "10.1.2.3:80", "--json");
        Assert.Equal(1, refused.ExitCode);
        var document = JsonDocument.Parse(refused.Output).RootElement;
        Assert.Equal("special-purpose-address", document.GetProperty("reason").GetString());
        Assert.Equal("SOCKS5 reply 02 (not allowed), HTTP 403", document.GetProperty("clientSees").GetString());
        var place = document.GetProperty("place");
        Assert.Equal(
            ("akkasocks.egress.special-purpose", node.File, 6),
            (place.GetProperty("key").GetString(), place.GetProperty("source").GetString(), place.GetProperty("line").GetInt32()));

        foreach (string[] wrong in new[] { [], ["alice"], ["alice", "example.com"], ["a", "a:1", "--command", "x"], new[] { "a", "a:1", "--from", "x" } })
            Assert.Equal(2, (await node.RunAsync(["explain", .. wrong])).ExitCode);
    }

    [Fact]
    public async Task What_was_refused_is_explained_by_the_id_that_the_list_has()
    {
        using var node = await ExplainedNode.StartAsync();
        using (var client = await SocksClient.ConnectAsync(node.Endpoint))
        {
            await client.GreetAsync();
            await client.SendAsync(SocksClient.Connect(new IPEndPoint(IPAddress.Parse("10.1.2.3"), 80)));
            Assert.Equal(2, (await client.ReceiveAsync(10))[1]);
        }

        var id = "";
        await Eventually.TrueAsync(
            async () => (id = Regex.Match((await node.RunAsync("refusals")).Output, @"  ([0-9a-z]{13})  ").Groups[1].Value).Length > 0,
            "the refusal to be listed");
        var explained = await node.RunAsync("explain", "--session", id);

        Assert.Equal((1, ""), (explained.ExitCode, explained.Errors));
        Assert.Contains($"session {id} was refused at ", explained.Output);
        Assert.Contains($"{node.File}:6", explained.Output);
        Assert.Equal(2, (await node.RunAsync("explain", "alice", "a:1", "--session", id)).ExitCode);
        Assert.Equal(
            new(1, "", "akkasocks: No node remembers that it has refused such a session; each remembers its last 512. The session log has all.\n"),
            await node.RunAsync("explain", "--session", "0000000000000"));
    }
}
