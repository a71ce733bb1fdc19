using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A whole node in this process, with its session log read back as JSON.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly ProxyNode _node;
    private readonly string _log;

    private TestNode(ActorSystem system, ProxyNode node, string log)
    {
        _system = system;
        _node = node;
        _log = log;
    }

    public IPEndPoint Endpoint => _node.Endpoints[0].Bound;

    public ProxyNode Node => _node;

    public ActorSystem System => _system;

    public string Name => _node.Settings.NodeName;

    /// <summary>What Akka and the node have warned of.</summary>
    public required IReadOnlyCollection<string> Warnings { get; init; }

    /// <param name="settings">The node's.</param>
    /// <param name="akka">Goes over what the node says about Akka.</param>
    public static Task<TestNode> StartAsync(ProxySettings settings, string akka = "") => StartAsync(settings, akka, ProxyNode.Prepare);

    /// <summary>A node whose event loops, hence dials, live in a new network namespace. It listens in this one.</summary>
    public static Task<TestNode> StartInNamespaceAsync(ProxySettings settings, params string[] ipCommands) =>
        StartAsync(settings, "", it => NetworkNamespace.Create(ipCommands, () => ProxyNode.Prepare(it)));

    /// <summary>A node whose tunnels and datagrams something is done to.</summary>
    public static Task<TestNode> StartDistortedAsync(ProxySettings settings, IDistortion distortion) => StartAsync(settings, "", it =>
    {
        var prepared = ProxyNode.Prepare(it);
        prepared.Distortion = distortion;
        return prepared;
    });

    /// <summary>A node that remembers exchanges.</summary>
    /// <param name="settings">The node's.</param>
    /// <param name="akka">Goes over what the node says about Akka.</param>
    /// <param name="exchanges">Where; null for a node that remembers none.</param>
    public static Task<TestNode> StartRememberingAsync(ProxySettings settings, string akka, CaptureRing? exchanges) => StartAsync(settings, akka, it =>
    {
        var prepared = ProxyNode.Prepare(it);
        prepared.Exchanges = () => exchanges;
        return prepared;
    });

    private static async Task<TestNode> StartAsync(ProxySettings settings, string akka, Func<ProxySettings, PreparedNode> prepare)
    {
        var log = Path.GetTempFileName();
        var prepared = prepare(settings with { Log = settings.Log with { SessionsFile = log } });
        var config = ConfigurationFactory.ParseString(
            $"{prepared.Hocon}\nakka {{ loglevel = WARNING, stdout-loglevel = OFF, log-dead-letters = off }}\n{akka}");
        var system = ActorSystem.Create("akkasocks", ActorSystemSetup.Create([BootstrapSetup.Create().WithConfig(config), .. prepared.Setups]));
        var warnings = new ConcurrentQueue<string>();
        var listening = system.ActorOf(Props.Create(() => new WarningListener(warnings)));
        system.EventStream.Subscribe(listening, typeof(Warning));
        try
        {
            return new TestNode(system, await prepared.StartAsync(system), log) { Warnings = warnings };
        }
        catch
        {
            await system.Terminate();
            File.Delete(log);
            throw;
        }
    }

    /// <summary>Asks the node's registry.</summary>
    public Task<TAnswer> AskAsync<TAnswer>(object question) =>
        _system.ActorSelection("/user/auth").Ask<TAnswer>(question, TimeSpan.FromSeconds(5));

    /// <summary>Connects a client.</summary>
    public Task<SocksClient> ConnectAsync() => _node.Settings.Listeners[0].Tls is { Mode: TlsMode.Required }
        ? SocksClient.ConnectSecuredAsync(Endpoint)
        : SocksClient.ConnectAsync(Endpoint);

    /// <summary>A client with a tunnel to <paramref name="destination"/>.</summary>
    public async Task<SocksClient> OpenAsync(EndPoint destination)
    {
        var client = await ConnectAsync();
        await client.HandshakeAsync(destination);
        return client;
    }

    /// <summary>Waits until no session is left.</summary>
    public Task QuietAsync() => Eventually.TrueAsync(() => _node.Gate.Sessions == 0, "all sessions to end");

    /// <summary>Stops the node and gives the lines of its session log.</summary>
    public async Task<IReadOnlyList<JsonElement>> StopAndReadLogAsync()
    {
        await StopAsync();
        return [.. (await File.ReadAllLinesAsync(_log)).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        File.Delete(_log);
    }

    private async Task StopAsync()
    {
        if (_system.WhenTerminated.IsCompleted)
            return;
        await _node.StopAsync();
        await _system.Terminate();
    }

    private sealed class WarningListener(ConcurrentQueue<string> warnings) : UntypedActor
    {
        protected override void OnReceive(object message) => warnings.Enqueue(message.ToString()!);
    }
}
