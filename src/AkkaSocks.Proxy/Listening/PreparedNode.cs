using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;
using AkkaSocks.Proxy.Transport.Sockets;

namespace AkkaSocks.Proxy.Listening;

/// <summary>
/// A node before its ActorSystem: the event loops exist, and <see cref="Hocon"/> and <see cref="Setups"/> carry them into the
/// system as dispatchers.
/// </summary>
internal sealed class PreparedNode : IDisposable
{
    private readonly ProxySettings _settings;
    private readonly NetworkTransport _transport;
    private readonly ProxyMetrics _metrics;
    private readonly ProcessLog _lines = new();
    private Action<Exception> _onDefect = static defect => Console.Error.WriteLine(defect);

    /// <summary>Creates the transport that the settings ask for.</summary>
    public PreparedNode(ProxySettings settings)
    {
        _settings = settings;
        _metrics = new ProxyMetrics(settings.Metrics.PerUser, settings.Metrics.Otlp?.TraceEvery ?? 0, settings.Metrics.Actors);
        var measuring = new ActorMetricsSetup(_metrics.Actors);
        if (UsesEpoll(settings.Transport))
        {
            var epoll = new EpollTransport(settings.Transport.EventLoops, defect => _onDefect(defect));
            _transport = epoll;
            Setups = [.. ClusterSetup.Of(settings.Cluster), measuring, _lines, new EventLoopSetup(epoll.Loops)];
            Hocon = MeasuredMailbox.Hocon + LoopDispatcherConfigurator.Hocon(epoll.Loops.Count) + ClusterHocon.Of(settings.Cluster);
        }
        else
        {
            _transport = new SocketTransport();
            Setups = [.. ClusterSetup.Of(settings.Cluster), measuring, _lines, new EventLoopSetup([])];
            Hocon = MeasuredMailbox.Hocon + ClusterHocon.Of(settings.Cluster);
        }
    }

    /// <summary>Dispatchers and the cluster, to be added to the ActorSystem's configuration.</summary>
    public string Hocon { get; }

    /// <summary>The loops, the cluster's settings, and the <see cref="ProcessLog"/> for whatever writes it, to be added to the
    /// ActorSystem's setup.</summary>
    public ImmutableArray<Setup> Setups { get; }

    /// <summary>The figures of the node that will be.</summary>
    public ProxyMetrics Metrics => _metrics;

    /// <summary>Where this process listens besides its listeners; to be filled before the start. No client gets there.</summary>
    public List<IPEndPoint> OwnEndpoints { get; } = [];

    /// <summary>Which configuration the settings are; to be set before the start by whoever knows.</summary>
    public ConfigVersion? Config { get; set; }

    /// <summary>Who carries HTTP requests that are no CONNECT; to be set before the start where somebody does.</summary>
    public IHttpForwarding? HttpForwarding { get; set; }

    /// <summary>Who looks into tunnels; to be set before the start where somebody does.</summary>
    public IInterceptor? Interceptor { get; set; }

    /// <summary>Who does something to the bytes of tunnels; to be set before the start where somebody does.</summary>
    public IDistortion? Distortion { get; set; }

    /// <summary>Where exchanges that were looked into are remembered, if they are now; to be set before the start by whoever knows.</summary>
    public Func<CaptureRing?> Exchanges { get; set; } = static () => null;

    /// <summary>Starts the node: when the task completes, every listener accepts.</summary>
    /// <exception cref="StartFailedException">A listener cannot be bound, or the session log or the users not be opened. Nothing
    /// listens then.</exception>
    public Task<ProxyNode> StartAsync(ActorSystem system)
    {
        var log = Logging.GetLogger(system, nameof(ProxyNode));
        _onDefect = defect => log.Error(defect, "A defect reached an event loop. Please report it.");

        // Loops run until the last actor on them has ended.
        system.WhenTerminated.ContinueWith(_ => _transport.Dispose(), TaskScheduler.Default);
        return Task.Run(async () =>
        {
            var node = await ProxyNode.Start(
                system, _settings, _transport, OwnEndpoints, HttpForwarding, Interceptor, Distortion, Exchanges, _metrics, _lines, log).ConfigureAwait(false);
            node.Config = Config;
            return node;
        });
    }

    /// <summary>For a node that was never started.</summary>
    public void Dispose()
    {
        _transport.Dispose();
        _metrics.Dispose();
    }

    private static bool UsesEpoll(TransportSettings transport) =>
        transport.Kind == TransportKind.Epoll || (transport.Kind == TransportKind.Auto && OperatingSystem.IsLinux());
}
