using System.Net;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary>The executable with an admin token, whose figures are read.</summary>
internal sealed class FigureNode : IDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly AkkaSocksProcess _process;
    private readonly DirectoryInfo _folder;

    private FigureNode(AkkaSocksProcess process, DirectoryInfo folder) => (_process, _folder) = (process, folder);

    public IPEndPoint Socks { get; private set; } = null!;

    public IPEndPoint Admin { get; private set; } = null!;

    public static async Task<FigureNode> StartAsync(params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-figures-");
        var process = AkkaSocksProcess.Start(
            ["-p", "0"],
            [("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token), ("AKKASOCKS_DATA", folder.FullName), ("AKKASOCKS__LOG__SESSIONS__FORMAT", "off"), .. environment]);
        var node = new FigureNode(process, folder);
        try
        {
            node.Socks = IPEndPoint.Parse(Regex.Match(await process.NextLineAsync(), @"^akkasocks listens on (\S+) ").Groups[1].Value);
            await process.NextLineAsync();
            node.Admin = IPEndPoint.Parse(Regex.Match(await process.NextLineAsync(), "^admin API on http://(.*)$").Groups[1].Value);
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    public Task<string> ScrapeAsync() => Http.GetStringAsync($"http://{Admin}/metrics");

    public Task<AkkaSocksProcess.Outcome> StopAsync()
    {
        _process.Signal(AkkaSocksProcess.SigTerm);
        return _process.EndAsync();
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
