using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Admin;
using Microsoft.AspNetCore.Builder;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>The admin API on a real web server on loopback, with a cluster behind it whose answers are the test's.</summary>
internal sealed class AdminNode : IAsyncDisposable
{
    public const string Token = "0123456789abcdefghijkl";
    public const string FixedUser = "fixed";

    private readonly ActorSystem _system;
    private readonly WebApplication _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private AdminNode(ActorSystem system, WebApplication server, IPEndPoint bound) =>
        (_system, _server, Bound) = (system, server, bound);

    public IPEndPoint Bound { get; }

    public string Url => $"http://{Bound}";

    public FakeCluster Cluster { get; private init; } = new();

    public UserDirectory Users { get; private init; } = new([]);

    /// <summary>What was said at level info.</summary>
    public ConcurrentQueue<string> Log { get; private init; } = [];

    public static async Task<AdminNode> StartAsync(string? token = Token)
    {
        var system = ActorSystem.Create("akkasocks", "akka { loglevel = INFO, stdout-loglevel = OFF, loggers = [] }");
        var log = new ConcurrentQueue<string>();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new LogReader(log))), typeof(Info));
        var cluster = new FakeCluster();
        var users = new UserDirectory([Record(FixedUser)]);
        system.ActorOf(Props.Create(() => new FakeRegistry(cluster)), "auth");
        system.ActorOf(Props.Create(() => new FakeUserStore(cluster, users)), "users");

        var socket = new AdminSocket(new IPEndPoint(IPAddress.Loopback, 0));
        var server = AdminServer.NewBuilder(socket).Build();
        var guard = new AdminGuard(socket.Bound.Address, token is null ? null : new AdminToken(token), TimeProvider.System);
        AdminApi.Map(server, guard, new RegistryLink(system, () => users), Logging.GetLogger(system, typeof(AdminApi)));
        await server.StartAsync();
        return new AdminNode(system, server, socket.Bound) { Cluster = cluster, Users = users, Log = log };
    }

    /// <summary>A user as it may stand in the directory, whose password nobody knows.</summary>
    public static UserRecord Record(string name) =>
        new() { Name = UserName.FromText(name), Password = "$argon2id$", Revision = 1 };

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("GET", path, null, headers);

    public Task<Answer> PutAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync("PUT", path, body, headers);

    /// <summary>Sends a request, with the token unless the headers have an Authorization; one that is empty stands for
    /// none.</summary>
    public async Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Url + path);
        if (!Array.Exists(headers, header => header.Name == "Authorization"))
            request.Headers.Add("Authorization", $"Bearer {Token}");
        foreach (var (name, value) in headers.Where(header => header.Value.Length > 0))
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body);
        using var response = await _http.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
    }

    /// <summary>Sends a request line as it is, which no client library would, and gives the status.</summary>
    public async Task<int> StatusOfAsync(string requestLine, params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Bound);
        string[] lines = [requestLine, .. headers, $"Authorization: Bearer {Token}", "Connection: close", "", ""];
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
        using var reader = new StreamReader(client.GetStream());
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _system.Terminate();
    }

    private sealed class LogReader(ConcurrentQueue<string> lines) : UntypedActor
    {
        protected override void OnReceive(object message) => lines.Enqueue(((Info)message).Message.ToString()!);
    }

    public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        /// <summary>The last word of a problem's type.</summary>
        public string Problem => Json.GetProperty("type").GetString()!.Split(':')[^1];
    }
}
