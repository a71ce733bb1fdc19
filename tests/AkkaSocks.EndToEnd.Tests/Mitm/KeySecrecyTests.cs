using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Clustering;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>Whoever has the authority's key can read everybody's traffic: it leaves its file for nobody.</summary>
public sealed class KeySecrecyTests
{
    private const string UserName = "seen-in-the-clear";

    [NeedsToolFact("curl", "tcpdump")]
    public async Task The_key_is_in_nothing_that_a_node_says_to_its_operator_its_log_or_another_node()
    {
        using var files = new TlsFiles();
        using var cluster = NodeCluster.Prepare(
            2,
            """
            akkasocks {
              log.level = debug
              mitm { enabled = on, scope { include = ["127.0.0.0/8"], ports = ["1-65535"] }, upstream.verify = off }
            }
            """,
            i => $"akkasocks.mitm.ca.dir = \"{files.Path($"ca{i}")}\"");
        var dump = files.Path("dump");
        using var tcpdump = Tool.Start(
            "tcpdump", "-i", "lo", "-U", "-w", dump, string.Join(" or ", cluster.Nodes.Select(node => $"tcp port {node.Cluster.Port}")));
        try
        {
            Assert.Contains("listening on lo", await tcpdump.StandardError.ReadLineAsync().InTime());
            await Task.WhenAll(cluster.Nodes.Select(node => node.StartAsync()));
            await cluster.UpAsync(2);
            await cluster.AddUserAsync(UserName);
            await using var origin = await WebOrigin.StartAsync(files.Issue("www.test"), HttpProtocols.Http1AndHttp2);
            foreach (var node in cluster.Nodes)
            {
                var curl = await Tool.RunAsync(
                    "curl", "-sS", "-k", "-x", $"socks5h://{node.Endpoint}", "-U", $"{UserName}:{User.Password}",
                    origin.Url("127.0.0.1", "hello"));
                Assert.Equal(("hello by HTTP/2", ""), (curl.Text, curl.Errors));
            }

            var said = await Task.WhenAll(cluster.Nodes.Select(AskEverythingAsync));

            // What one node tells the other is seen, so a key would be too.
            await Eventually.TrueAsync(
                () => File.ReadAllBytes(dump).AsSpan().IndexOf(Encoding.ASCII.GetBytes(UserName)) >= 0,
                () => "the nodes to speak of the user");
            foreach (var node in cluster.Nodes)
                node.Signal(AkkaSocksProcess.SigTerm);
            var ends = await Task.WhenAll(cluster.Nodes.Select(node => node.End.InTime()));

            var everything = Encoding.UTF8.GetBytes(string.Concat(said) + string.Concat(ends.Select(end => end.Output + end.Errors)));
            Assert.All([.. Secrets(files.Path("ca0")), .. Secrets(files.Path("ca1"))], secret =>
            {
                Assert.Equal(-1, everything.AsSpan().IndexOf(secret));
                Assert.Equal(-1, File.ReadAllBytes(dump).AsSpan().IndexOf(secret));
            });
        }
        finally
        {
            tcpdump.Kill();
        }
    }

    /// <summary>All that can be asked without naming something, by the API's own description.</summary>
    private static async Task<string> AskEverythingAsync(ClusterNode node)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node.Admin) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ClusterNode.Token);
        var description = await http.GetStringAsync("/openapi/v1.json");
        var paths = JsonDocument.Parse(description).RootElement.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out _))
            .Where(path => !path.Name.Contains('{') && !path.Name.EndsWith("/events", StringComparison.Ordinal))
            .Select(path => path.Name)
            .ToList();
        Assert.Contains("/v1/interception", paths);
        var all = new StringBuilder(description);
        foreach (var path in paths.Append("/metrics").Append("/v1/exchanges/1"))
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            all.Append(await answer.Content.ReadAsStringAsync());
        }

        return all.ToString();
    }

    /// <summary>A key in the forms in which it could get out: its number, in bytes and digits, and the text of its file.</summary>
    private static IEnumerable<byte[]> Secrets(string folder)
    {
        var text = File.ReadAllText(Path.Combine(folder, "ca.key"));
        using var key = ECDsa.Create();
        key.ImportFromPem(text);
        var number = key.ExportParameters(includePrivateParameters: true).D!;
        string[] texts = [Convert.ToHexString(number), Convert.ToHexStringLower(number), text.Split('\n')[1]];
        return [number, .. texts.Select(Encoding.ASCII.GetBytes)];
    }
}
