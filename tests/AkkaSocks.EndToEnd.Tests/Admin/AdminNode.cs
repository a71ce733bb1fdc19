using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Protocol;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Admin;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Admin.Exchanges;
using AkkaSocks.Server.Admin.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>The admin API on a real web server on loopback, with a cluster behind it whose answers are the test's.</summary>
internal sealed class AdminNode : IAsyncDisposable
{
    public const string Token = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    public const string ReadToken = "GFEDCBAzyxwvutsrqponmlkjihgfedcba9876543210";
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

    /// <summary>The audit log; one that exists when it is asked for.</summary>
    public string AuditFile { get; private init; } = "";

    /// <summary>What is told to readers of events.</summary>
    public IActorRef Feed { get; private init; } = ActorRefs.Nobody;

    /// <summary>What is told to readers of exchanges.</summary>
    public IActorRef ExchangeFeed { get; private init; } = ActorRefs.Nobody;

    /// <summary>What is told to readers of the process log.</summary>
    public IActorRef LogFeed { get; private init; } = ActorRefs.Nobody;

    /// <param name="token">Null for none.</param>
    /// <param name="readToken">Null for none.</param>
    /// <param name="auditFile">"" for the process log.</param>
    /// <param name="mitm">What <c>mitm { … }</c> says.</param>
    public static async Task<AdminNode> StartAsync(
        string? token = Token, string? readToken = ReadToken, string auditFile = "", string mitm = "")
    {
        var system = ActorSystem.Create("akkasocks", "akka { loglevel = INFO, stdout-loglevel = OFF, loggers = [] }");
        var lines = new ConcurrentQueue<string>();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new LogReader(lines))), typeof(Info));
        var cluster = new FakeCluster();
        var users = new UserDirectory([Record(FixedUser)]);
        system.ActorOf(Props.Create(() => new FakeRegistry(cluster)), "auth");
        system.ActorOf(Props.Create(() => new FakeUserStore(cluster, users)), "users");
        var feed = system.ActorOf(Props.Create(() => new FakeFeed()), "feed");
        var exchanges = system.ActorOf(Props.Create(() => new FakeFeed()), "exchanges");

        var logFeed = system.ActorOf(Props.Create(() => new FakeFeed()), "log");
        var socket = new AdminSocket(new IPEndPoint(IPAddress.Loopback, 0));
        var server = AdminServer.NewBuilder(socket).Build();
        var log = Logging.GetLogger(system, typeof(AdminApi));
        var settings = new AdminSettings { Endpoint = socket.Bound, Token = TokenOf(token), ReadToken = TokenOf(readToken) };
        var registry = new RegistryLink(system, () => users);
        var wiring = new AdminWiring
        {
            Guard = new AdminGuard(socket.Bound.Address, settings, TimeProvider.System),
            Registry = registry,
            Audit = new AuditLog(auditFile, "n1", log, TimeProvider.System),
            Log = log,
            Listeners = () => [new ListenerDocument("main", "127.0.0.1:1080")],
            Besides =
            [
                new InterceptionEndpoints(() => Policies.NodeWith(mitm).Mitm, interceptor: null).Route,
                .. new LogEndpoints(registry, server.Lifetime.ApplicationStopping).Routes,
                .. new ExchangeEndpoints(registry, isForReaders: static () => false, server.Lifetime.ApplicationStopping).Routes,
            ],
        };
        AdminApi.Map(server, wiring);
        await server.StartAsync();
        return new AdminNode(system, server, socket.Bound)
        {
            Cluster = cluster, Users = users, Log = lines, AuditFile = auditFile, Feed = feed, ExchangeFeed = exchanges, LogFeed = logFeed,
        };
    }

    /// <summary>What is served: methods with their paths.</summary>
    public IEnumerable<string> Routes => ((IEndpointRouteBuilder)_server).DataSources
        .SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>()
        .SelectMany(
            route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods,
            (route, method) => $"{method} {route.RoutePattern.RawText}");

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

    private static AdminToken? TokenOf(string? text) => text is null ? null : new AdminToken(text);

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
