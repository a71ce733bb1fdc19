using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>One node of a <see cref="NodeCluster"/>: a process that can end and be started again, what it says of itself through its
/// API, and what the kernel says of it.</summary>
internal sealed class ClusterNode : IDisposable
{
    public const string Token = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    private readonly NetworkNamespace? _network;
    private readonly HttpClient _http;
    private readonly string _file, _haste;
    private AkkaSocksProcess? _process;

    /// <summary>One that does not run yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">For its files.</param>
    /// <param name="cluster">Where other nodes reach it.</param>
    /// <param name="seeds">As in HOCON.</param>
    /// <param name="hocon">What is put over hocon/cluster-node.conf.</param>
    /// <param name="network">Where it runs; null for here.</param>
    public ClusterNode(string name, DirectoryInfo folder, IPEndPoint cluster, string seeds, string hocon, NetworkNamespace? network)
    {
        (Name, Cluster, _network) = (name, cluster, network);
        _file = Path.Combine(folder.FullName, "node.conf");
        _haste = Path.Combine(folder.FullName, "haste.conf");
        File.WriteAllText(_file, $$"""
            akkasocks {
              node { name = {{name}}, data-directory = "{{folder.FullName}}/data" }
              listeners.main.endpoint = "{{cluster.Address}}:{{(network is null ? 0 : PartitionableNetwork.SocksPort)}}"
              cluster { host = "{{cluster.Address}}", port = {{cluster.Port}}, seeds = [{{seeds}}] }
              egress.allow = ["127.0.0.0/8", "{{PartitionableNetwork.Network}}"]
              log.sessions.format = off
            }
            {{hocon}}
            """);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync }) { Timeout = AnswerTime };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public string Name { get; }

    /// <summary>Where other nodes reach it.</summary>
    public IPEndPoint Cluster { get; }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Endpoint { get; private set; } = null!;

    /// <summary>The address of its admin API.</summary>
    public string Admin { get; private set; } = "";

    /// <summary>Completes when its process has ended.</summary>
    public Task<AkkaSocksProcess.Outcome> End { get; private set; } = Task.FromResult(new AkkaSocksProcess.Outcome(0, "", ""));

    public bool IsRunning => !End.IsCompleted;

    public ProcessFigures Figures => new(_process!.Id);

    /// <summary>The items of a list that the API answers.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement answer) => answer.GetProperty("items").EnumerateArray();

    /// <summary>Starts it, for the first time or again.</summary>
    public async Task StartAsync()
    {
        // The first time there is no cluster yet that the first seed could find, so it need not look for one for 5 s.
        File.WriteAllText(_haste, _process is null ? "akka.cluster.seed-node-timeout = 1s" : "");
        _process?.Dispose();
        _process = AkkaSocksProcess.StartUnder(
            _network?.Launcher ?? [],
            ["run", "-c", Path.Combine(AppContext.BaseDirectory, "hocon", "cluster-node.conf"), "-c", _file, "-c", _haste],
            ("AKKASOCKS_ADMIN_TOKEN", Token));
        Endpoint = IPEndPoint.Parse(await LineAsync(@"^akkasocks listens on (\S+) "));
        Admin = await LineAsync(@"^admin API on (\S+)");
        End = _process.FollowAsync();
    }

    public void Signal(int signal) => _process!.Signal(signal);

    /// <summary>It dies without a word to the others.</summary>
    public Task KillAsync()
    {
        Signal(AkkaSocksProcess.SigKill);
        return End.InTime();
    }

    /// <summary>Runs a verb against it.</summary>
    public async Task<string> RunAsync(string input, params string[] arguments)
    {
        var outcome = await AkkaSocksProcess.RunAsync([.. arguments, "--admin", Admin], input, ("AKKASOCKS_ADMIN_TOKEN", Token));
        return outcome is { ExitCode: 0, Errors: "" } ? outcome.Output : throw new InvalidOperationException(outcome.ToString());
    }

    /// <summary>What its API answers; null when it does not answer, or with anything but success.</summary>
    public JsonElement? Ask(string path)
    {
        try
        {
            using var response = _http.GetAsync(Admin + path).Result;
            return response.IsSuccessStatusCode ? JsonDocument.Parse(response.Content.ReadAsStringAsync().Result).RootElement : null;
        }
        catch (AggregateException failed) when (failed.InnerException is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Adds or changes a user.</summary>
    public async Task<HttpStatusCode> TryPutUserAsync(string name, int? maxSessions = null)
    {
        using var response = await _http.PutAsJsonAsync($"{Admin}/v1/users/{name}", new { password = User.Password, maxSessions });
        return response.StatusCode;
    }

    /// <summary>The same; fails the test when it is refused.</summary>
    public async Task PutUserAsync(string name, int? maxSessions = null)
    {
        if (await TryPutUserAsync(name, maxSessions) is var status and not (HttpStatusCode.OK or HttpStatusCode.Created))
            throw new InvalidOperationException($"{Name} does not take {name}: {status}");
    }

    public async Task RemoveUserAsync(string name)
    {
        using var response = await _http.DeleteAsync($"{Admin}/v1/users/{name}");
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Bans an address in the whole cluster for an hour.</summary>
    public async Task BanAsync(string address)
    {
        using var response = await _http.PostAsJsonAsync($"{Admin}/v1/bans", new { address, duration = "1h" });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Has it, or another one, drain.</summary>
    public async Task DrainAsync(ClusterNode node)
    {
        using var response = await _http.PostAsJsonAsync($"{Admin}/v1/drain", new { node = node.Name });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Sessions of a user in the whole cluster, as this node says; -1 when it does not say.</summary>
    public int SessionsOf(string user) => Ask($"/v1/users/{user}")?.GetProperty("sessions").GetInt32() ?? -1;

    /// <summary>The truth: connections of clients, as the kernel has them.</summary>
    public int EstablishedByKernel()
    {
        string[] command = [.. _network?.Launcher ?? [], "ss", "-Htn", "state", "established", $"sport = :{Endpoint.Port}"];
        return Tool.RunAsync(command[0], command[1..]).Result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    /// <summary>A client, from where all nodes can be reached.</summary>
    public Task<SocksClient> ConnectAsync() => SocksClient.ConnectAsync(Endpoint, _network?.Outside);

    /// <summary>Logs in and asks for a tunnel; the reply as it comes, for those who count refusals.</summary>
    public async Task<(SocksClient Client, byte Reply)> OpenAsync(IPEndPoint destination, string user = User.Name)
    {
        var client = await ConnectAsync();
        try
        {
            await client.LogInAsync(user);
            await client.SendAsync(SocksClient.Connect(destination));
            return (client, (await client.ReceiveAsync(10))[1]);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _http.Dispose();
    }

    private async Task<string> LineAsync(string pattern)
    {
        Match match;
        do
            match = Regex.Match(await _process!.NextLineAsync(), pattern);
        while (!match.Success);
        return match.Groups[1].Value;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port);
        var socket = NetworkNamespace.Within(_network, () => new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            await socket.ConnectAsync(endpoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
