using Akka.Actor;
using Akka.Event;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Forwarding;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Hosting;

/// <summary>What forwards, looks into and changes what passes through the node: made at the start, and told of every reload.</summary>
internal sealed class NodeEngines : IAsyncDisposable
{
    private const string Keys = "akkasocks.mitm", FlowKeys = "akkasocks.mitm.raw-flows", DatagramKeys = "akkasocks.mitm.datagrams";

    private readonly CurrentPolicy? _policy;
    private readonly RawFlows _flows;
    private readonly ExchangeFigures _figures = new();
    private readonly HttpForwarding _forwarding;
    private MitmSettings _settings;

    /// <summary>Makes what the settings ask for.</summary>
    /// <exception cref="StartFailedException">Something that they name cannot be had.</exception>
    public NodeEngines(ProxySettings settings)
    {
        _settings = settings.Mitm;
        _flows = new RawFlows(settings.Mitm.Exchanges);
        if (settings.Mitm.Enabled)
        {
            var policy = _policy = new CurrentPolicy(settings.Mitm.Exchanges);
            Interceptor = new Interceptor(settings, _flows, forwarder => new ExchangeApplication(forwarder, () => policy.Now, _figures))
            {
                Rules = () => policy.Now.Rules,
            };
        }

        _forwarding = new HttpForwarding(Interceptor);
    }

    /// <summary>Looks into tunnels; null where interception was off at the start.</summary>
    public Interceptor? Interceptor { get; }

    /// <summary>What the node goes by.</summary>
    public MitmSettings Settings => Volatile.Read(ref _settings);

    /// <summary>What is remembered of exchanges; null where nothing is.</summary>
    private CaptureRing? Exchanges => Settings.Enabled ? _policy?.Now.Capture?.Ring : null;

    /// <summary>Gives a node what it needs before it starts.</summary>
    public void Equip(PreparedNode node)
    {
        node.HttpForwarding = _forwarding;
        node.Interceptor = Interceptor;
        node.Distortion = _flows;
        node.Exchanges = () => Exchanges;
        if (_policy is null)
            return;
        Interceptor!.Declare(node.Metrics.All);
        _figures.Declare(node.Metrics.All);
        _policy.Declare(node.Metrics.All);
    }

    /// <summary>Says where it runs, and where it is told what happens; before the node starts.</summary>
    public void Open(ActorSystem system)
    {
        _flows.Open(system);
        _policy?.Open(Logging.GetLogger(system, typeof(Inspectors)));
    }

    /// <summary>Makes a reload ready.</summary>
    /// <returns>Goes by it; cannot fail.</returns>
    /// <exception cref="StartFailedException">Something that it names cannot be had; nothing has changed.</exception>
    public Action Prepare(SettingsChange change)
    {
        if (!change.Touches(Keys))
            return static () => { };
        var settings = change.Effective.Proxy.Mitm;

        // Flows of somebody else's making may remember something: they are made anew only when they may be others.
        var flows = change.Touches(FlowKeys) || change.Touches(DatagramKeys) ? _flows.Prepare(settings.Exchanges) : null;
        var policy = _policy?.Prepare(settings.Exchanges);
        var interceptor = Interceptor?.Prepare(settings);
        return () =>
        {
            flows?.Invoke();
            policy?.Invoke();
            interceptor?.Invoke();
            Volatile.Write(ref _settings, settings);
        };
    }

    /// <summary>Ends what is under way; after the sessions, which use it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _forwarding.DisposeAsync();
        if (Interceptor is not null)
            await Interceptor.DisposeAsync();
    }
}
