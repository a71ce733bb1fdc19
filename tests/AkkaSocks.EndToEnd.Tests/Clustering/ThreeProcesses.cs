using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Three processes that are one cluster, as the README starts them, on free ports.</summary>
internal sealed class ThreeProcesses : IDisposable
{
    public const string Token = "0123456789abcdefghijkl";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-e2e-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly List<Node> _nodes = [];

    private ThreeProcesses() => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

    public IReadOnlyList<Node> Nodes => _nodes;

    public static async Task<ThreeProcesses> StartAsync()
    {
        var cluster = new ThreeProcesses();
        try
        {
            var ports = FreePorts(3);
            for (var i = 0; i < 3; i++)
                cluster._nodes.Add(await cluster.StartAsync($"n{i + 1}", ports[i], $"[\"127.0.0.1:{ports[0]}\", \"127.0.0.1:{ports[1]}\"]"));
            foreach (var node in cluster._nodes)
                await cluster.UntilAsync(node, "/v1/nodes", answer => Items(answer).Count(IsUpAndNamed) == 3);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Runs a verb against a node.</summary>
    public static async Task<string> RunAsync(Node node, string input, params string[] arguments)
    {
        var outcome = await AkkaSocksProcess.RunAsync([.. arguments, "--admin", node.Admin], input, ("AKKASOCKS_ADMIN_TOKEN", Token));
        return outcome is { ExitCode: 0, Errors: "" } ? outcome.Output : throw new InvalidOperationException(outcome.ToString());
    }

    /// <summary>The items of a list that the API answers.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement answer) => answer.GetProperty("items").EnumerateArray();

    /// <summary>Waits until a node answers as it should.</summary>
    public Task UntilAsync(Node node, string path, Func<JsonElement, bool> condition) => Eventually.TrueAsync(
        () =>
        {
            using var response = _http.GetAsync(node.Admin + path).Result;
            return response.IsSuccessStatusCode && condition(JsonDocument.Parse(response.Content.ReadAsStringAsync().Result).RootElement);
        },
        () => $"{node.Name} to answer {path} as expected");

    public void Dispose()
    {
        _nodes.ForEach(node => node.Process.Dispose());
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool IsUpAndNamed(JsonElement node) =>
        node.GetProperty("state").GetString() == "up" && node.GetProperty("name").GetString()!.StartsWith('n');

    private async Task<Node> StartAsync(string name, int port, string seeds)
    {
        var process = AkkaSocksProcess.Start(
            ["run", "-c", Path.Combine(AppContext.BaseDirectory, "hocon", "cluster-node.conf"), "-p", "0"],
            ("AKKASOCKS_ADMIN_TOKEN", Token),
            ("AKKASOCKS__NODE__NAME", name),
            ("AKKASOCKS__NODE__DATA_DIRECTORY", Path.Combine(_folder.FullName, name)),
            ("AKKASOCKS__CLUSTER__PORT", $"{port}"),
            ("AKKASOCKS__CLUSTER__SEEDS", seeds),
            ("AKKASOCKS__LOG__SESSIONS__FORMAT", "off"),
            ("AKKASOCKS__EGRESS__ALLOW", "[\"127.0.0.0/8\"]"));
        try
        {
            var listens = await process.NextLineAsync();
            await process.NextLineAsync();
            var admin = await process.NextLineAsync();
            return new Node(name, process, process.FollowAsync(), IPEndPoint.Parse(listens.Split(' ')[3]), admin.Split(' ')[3]);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    // They must be known before a node starts, so they are taken and let go.
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }

    /// <summary>One of them.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Process">The process.</param>
    /// <param name="End">Completes when it has ended.</param>
    /// <param name="Endpoint">Where clients connect.</param>
    /// <param name="Admin">The address of its admin API.</param>
    internal sealed record Node(
        string Name, AkkaSocksProcess Process, Task<AkkaSocksProcess.Outcome> End, IPEndPoint Endpoint, string Admin);
}
