using System.Net;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Interception;

/// <summary>The executable with an admin token, looking into what goes to loopback.</summary>
internal sealed class ExchangeNode : IDisposable
{
    private readonly AkkaSocksProcess _process;
    private readonly DirectoryInfo _folder;

    private ExchangeNode(AkkaSocksProcess process, DirectoryInfo folder) => (_process, _folder) = (process, folder);

    /// <summary>Where clients come in.</summary>
    public IPEndPoint Socks { get; private set; } = null!;

    /// <summary>Where the admin API is.</summary>
    public string Admin { get; private set; } = "";

    /// <summary>Starts one.</summary>
    /// <param name="mitm">What <c>akkasocks.mitm { }</c> says besides.</param>
    /// <param name="intercepts">Whether it looks into anything.</param>
    public static async Task<ExchangeNode> StartAsync(string mitm, bool intercepts = true)
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-exchanges-");
        var file = Path.Combine(folder.FullName, "test.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkasocks {
              node { data-directory = "{{folder.FullName}}/data" }
              listeners { main { endpoint = "127.0.0.1:0" } }
              egress { allow = ["127.0.0.0/8"] }
              log { sessions { format = json, file = "{{folder.FullName}}/sessions.log" } }
              mitm {
                enabled = {{(intercepts ? "on" : "off")}}
                scope { include = ["127.0.0.0/8"], ports = ["1-65535"] }
                {{mitm}}
              }
            }
            """);
        var node = new ExchangeNode(AkkaSocksProcess.Start(
            ["run", "-c", file],
            ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token),
            ("AKKASOCKS_ADMIN_READ_TOKEN", AdminNode.ReadToken)), folder);
        try
        {
            node.Socks = IPEndPoint.Parse(await node.FindAsync(@"^akkasocks listens on (\S+) "));
            node.Admin = await node.FindAsync("^admin API on (http://.*)$");
            _ = node._process.FollowAsync();
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Runs curl through it by SOCKS5.</summary>
    public Task<Tool.Outcome> CurlAsync(params string[] arguments) =>
        Tool.RunAsync("curl", ["-sS", "--max-time", "50", "-x", $"socks5h://{Socks}", .. arguments]);

    /// <summary>Runs a verb against it.</summary>
    public Task<AkkaSocksProcess.Outcome> VerbAsync(params string[] arguments) =>
        AkkaSocksProcess.RunAsync([.. arguments, "--admin", Admin], "", ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token));

    /// <summary>The session log so far.</summary>
    public string Sessions() => File.ReadAllText(Path.Combine(_folder.FullName, "sessions.log"));

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<string> FindAsync(string pattern)
    {
        while (true)
        {
            var found = Regex.Match(await _process.NextLineAsync(), pattern);
            if (found.Success)
                return found.Groups[1].Value;
        }
    }
}
