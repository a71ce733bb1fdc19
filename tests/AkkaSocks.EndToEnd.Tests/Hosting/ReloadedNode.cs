using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Hosting;

/// <summary>The executable with a configuration that is rewritten while it runs, and what it prints meanwhile.</summary>
internal sealed class ReloadedNode : IDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-reload-");
    private readonly ConcurrentQueue<string> _lines = [];
    private AkkaSocksProcess _process = null!;

    public IPEndPoint Socks { get; private set; } = null!;

    public string AdminUrl { get; private set; } = "";

    public string File => Path.Combine(_folder.FullName, "node.conf");

    /// <summary>What it has printed since it listens.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public static async Task<ReloadedNode> StartAsync(string hocon = "")
    {
        var node = new ReloadedNode();
        node.Write(hocon);
        node._process = AkkaSocksProcess.Start(["-c", node.File], ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token));
        node.Socks = IPEndPoint.Parse(Regex.Match(await node._process.NextLineAsync(), @"^akkasocks listens on (\S+) ").Groups[1].Value);
        await node._process.NextLineAsync();
        node.AdminUrl = Regex.Match(await node._process.NextLineAsync(), @"^admin API on (\S+)").Groups[1].Value;
        _ = node.FollowAsync();
        return node;
    }

    /// <summary>Rewrites its file.</summary>
    public void Write(string hocon) => System.IO.File.WriteAllText(File, $$"""
        akkasocks.node.data-directory = "{{_folder.FullName}}/data"
        akkasocks.listeners.main.endpoint = "127.0.0.1:0"
        akkasocks.egress.allow = ["127.0.0.0/8"]
        akkasocks.log.sessions { format = json, file = "{{_folder.FullName}}/sessions.log" }
        {{hocon}}
        """);

    public void Signal(int signal) => _process.Signal(signal);

    /// <summary>Waits for a line that holds this.</summary>
    public async Task<string> LineAsync(string part, int times = 1)
    {
        await Eventually.TrueAsync(
            () => _lines.Count(line => line.Contains(part, StringComparison.Ordinal)) >= times,
            () => $"{part}, {times} times, among\n{string.Join('\n', _lines)}");
        return _lines.Last(line => line.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Runs a verb on it.</summary>
    public Task<AkkaSocksProcess.Outcome> RunAsync(params string[] verb) =>
        AkkaSocksProcess.RunAsync([.. verb, "--admin", AdminUrl], "", ("AKKASOCKS_ADMIN_TOKEN", AdminNode.Token));

    /// <summary>Has it read its configuration again.</summary>
    public Task<(HttpStatusCode Status, JsonElement Document)> ReloadAsync() => AskAsync(HttpMethod.Post, "/v1/reload", AdminNode.Token);

    /// <summary>Asks its admin API.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Document)> AskAsync(HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, AdminUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Http.SendAsync(request);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
                _lines.Enqueue(await _process.NextLineAsync());
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException or TimeoutException)
        {
            // It has ended, or the test has.
        }
    }
}
