using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

/// <summary>From a refused connection to its cause in one command, on a real node.</summary>
public sealed class ExplainVerbTests
{
    private const string Token = "0123456789abcdefghijkl";

    [Fact]
    public async Task A_refusal_is_traced_to_the_line_of_the_configuration_that_decides()
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-explain-");
        try
        {
            var file = Path.Combine(folder.FullName, "a.conf");
            await File.WriteAllTextAsync(file, $$"""
                akkasocks {
                  node { name = n1, data-directory = "{{folder.FullName}}/data" }
                  listeners { main { endpoint = "127.0.0.1:0" } }
                  auth.store.kind = none
                  egress {
                    special-purpose = deny
                    allow = ["192.0.2.0/24"]
                  }
                  admin.token = "{{Token}}"
                }
                """);
            using var node = AkkaSocksProcess.Start(["run", "-c", file]);
            var endpoint = IPEndPoint.Parse(Regex.Match(await node.NextLineAsync(), @"(127\.0\.0\.1:\d+)").Value);
            await node.NextLineAsync();
            var admin = Regex.Match(await node.NextLineAsync(), @"http://\S+").Value;

            var allowed = await RunAsync("explain", "-", "192.0.2.9:80");
            Assert.Equal((0, ""), (allowed.ExitCode, allowed.Errors));
            Assert.Contains("akkasocks.egress.allow[0]", allowed.Output);

            var refused = await RunAsync("explain", "-", "10.1.2.3:80", "--json");
            Assert.Equal(1, refused.ExitCode);
            var document = JsonDocument.Parse(refused.Output).RootElement;
            Assert.Equal("special-purpose-address", document.GetProperty("reason").GetString());
            Assert.Equal("SOCKS5 reply 02 (not allowed), HTTP 403", document.GetProperty("clientSees").GetString());
            var place = document.GetProperty("place");
            Assert.Equal(
                ("akkasocks.egress.special-purpose", file, 6),
                (place.GetProperty("key").GetString(), place.GetProperty("source").GetString(), place.GetProperty("line").GetInt32()));

            // What has happened, by the id that the list has.
            using (var client = await SocksClient.ConnectAsync(endpoint))
            {
                await client.GreetAsync();
                await client.SendAsync(SocksClient.Connect(new IPEndPoint(IPAddress.Parse("10.1.2.3"), 80)));
                Assert.Equal(2, (await client.ReceiveAsync(10))[1]);
            }

            string id = "";
            await Eventually.TrueAsync(
                async () => (id = Regex.Match((await RunAsync("refusals")).Output, @"  ([0-9a-z]{13})  ").Groups[1].Value).Length > 0,
                "the refusal to be listed");
            var session = await RunAsync("explain", "--session", id);
            Assert.Equal((1, ""), (session.ExitCode, session.Errors));
            Assert.Contains($"session {id} was refused at ", session.Output);
            Assert.Contains($"{file}:6", session.Output);

            Assert.Equal(
                new(1, "", "akkasocks: No node remembers that it has refused such a session; each remembers its last 512. The session log has all.\n"),
                await RunAsync("explain", "--session", "0000000000000"));
            foreach (string[] wrong in new[] { [], ["alice"], ["alice", "example.com"], ["alice", "a:1", "--session", id], ["alice", "a:1", "--command", "x"], new[] { "alice", "a:1", "--from", "x" } })
                Assert.Equal(2, (await RunAsync(["explain", .. wrong])).ExitCode);

            Task<AkkaSocksProcess.Outcome> RunAsync(params string[] arguments) =>
                AkkaSocksProcess.RunAsync([.. arguments, "--admin", admin], "", ("AKKASOCKS_ADMIN_TOKEN", Token));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
