using System.Net;
using System.Text.RegularExpressions;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A node whose configuration says on which line what is refused: nearly everything that is not public.</summary>
internal sealed class ExplainedNode : IDisposable
{
    public const string Token = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-explain-");
    private readonly AkkaSocksProcess _process;

    private ExplainedNode()
    {
        System.IO.File.WriteAllText(File, $$"""
            akkasocks {
              node { name = n1, data-directory = "{{_folder.FullName}}/data" }
              listeners { main { endpoint = "127.0.0.1:0" } }
              auth.store.kind = none
              egress {
                special-purpose = deny
                allow = ["192.0.2.0/24"]
              }
              admin.token = "{{Token}}"
            }
            """);
        _process = AkkaSocksProcess.Start(["run", "-c", File]);
    }

    /// <summary>Its configuration.</summary>
    public string File => Path.Combine(_folder.FullName, "a.conf");

    public IPEndPoint Endpoint { get; private set; } = null!;

    /// <summary>The URL of its admin API.</summary>
    public string Admin { get; private set; } = "";

    public static async Task<ExplainedNode> StartAsync()
    {
        var node = new ExplainedNode();
        node.Endpoint = IPEndPoint.Parse(Regex.Match(await node._process.NextLineAsync(), @"127\.0\.0\.1:\d+").Value);
        await node._process.NextLineAsync();
        node.Admin = Regex.Match(await node._process.NextLineAsync(), @"http://\S+").Value;
        return node;
    }

    /// <summary>Runs a verb that asks it.</summary>
    public Task<AkkaSocksProcess.Outcome> RunAsync(params string[] arguments) =>
        AkkaSocksProcess.RunAsync([.. arguments, "--admin", Admin], "", ("AKKASOCKS_ADMIN_TOKEN", Token));

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
