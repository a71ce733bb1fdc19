using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Mitm.Certificates;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Handing;
using AkkaSocks.Mitm.KeyLogging;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Mitm.Sniffing;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry.Figures;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Interception;

/// <summary>Looks into the tunnels that are in scope of <c>mitm</c>.</summary>
internal sealed class Interceptor : IInterceptor, IAsyncDisposable
{
    private readonly LeafAuthority _authority;
    private InterceptWiring _wiring;
    private readonly Func<IHttpForwarder, IHttpApplication<HttpContext>> _application;

    /// <summary>Opens the authority; starts nothing yet.</summary>
    /// <param name="settings">The node's.</param>
    /// <param name="flows">What tunnels go through that are not HTTP.</param>
    /// <param name="application">What serves the requests.</param>
    /// <exception cref="AuthorityUnavailableException">The authority cannot be used.</exception>
    /// <exception cref="KeyLogUnavailableException">The key log cannot be written.</exception>
    public Interceptor(ProxySettings settings, RawFlows flows, Func<IHttpForwarder, IHttpApplication<HttpContext>> application)
    {
        var mitm = settings.Mitm;
        _application = application;
        var keyLog = mitm.KeyLog.Length == 0 ? null : KeyLog.Open(mitm.KeyLog, Report);
        _authority = new LeafAuthority(AuthorityFiles.Open(mitm.Ca), mitm.LeafValidity);
        _wiring = new InterceptWiring
        {
            Settings = mitm,
            Scope = ScopeOf(mitm),
            Sniffer = SnifferOf(mitm),
            KeyLog = keyLog,
            OriginTls = new OriginTls(mitm.Origins, keyLog),
            Leaves = new LeafCache(_authority, mitm.LeafCacheSize, TimeProvider.System),
            Relay = new TunnelRelay(flows),
            Memory = new PassThroughMemory(mitm.Pinning, TimeProvider.System),
            Server = new HandedServer(forwarder => new InterceptApplication(application(forwarder)), ExchangeLimits.Apply),
            Report = Report,
        };
    }

    /// <summary>What is done to exchanges now, for who asks what would be done.</summary>
    public Func<RuleSet> Rules { get; init; } = static () => RuleSet.Empty;

    /// <summary>Who is passed through for now.</summary>
    public ImmutableArray<Learned> Learned => Wiring.Memory.All;

    private InterceptWiring Wiring => Volatile.Read(ref _wiring);

    /// <summary>Makes other settings ready; those of the authority and of its certificates are as they were.</summary>
    /// <returns>Has tunnels, and requests that name their authority, go by them that begin from then on; cannot fail.</returns>
    public Action Prepare(MitmSettings settings)
    {
        var next = Wiring with
        {
            Settings = settings,
            Scope = ScopeOf(settings),
            Sniffer = SnifferOf(settings),
            OriginTls = new OriginTls(settings.Origins, Wiring.KeyLog),
        };
        return () =>
        {
            Volatile.Write(ref _wiring, next);
            next.Memory.Settings = settings.Pinning;
        };
    }

    /// <summary>Declares its figures.</summary>
    public void Declare(MetricSet metrics)
    {
        Wiring.Figures.Declare(metrics);
        metrics.Gauge(
            "akkasocks.mitm.engine.up",
            "{node}",
            "1 unless what looks into tunnels could not be started; it is started for the first of them, and tried again for each.",
            () => Wiring.Server.HasFailed ? 0 : 1);
        metrics.Gauge("akkasocks.mitm.leaves", "{certificate}", "Certificates that are kept for clients.", () => Wiring.Leaves.Count);
        metrics.Counter(
            "akkasocks.mitm.leaves.signed", "{certificate}", "Certificates that were signed for clients.", () => Wiring.Leaves.Signed);
        metrics.Gauge(
            "akkasocks.mitm.learned",
            "{pair}",
            "Clients and names that are passed through for now: the client has refused (pinned), or the origin wants a certificate.",
            ["reason"],
            () => CountByReason(Wiring.Memory.All));
    }

    /// <inheritdoc/>
    public TimeSpan Silence => Wiring.Settings.SniffTimeout;

    /// <inheritdoc/>
    /// <remarks>Where nothing may pass unseen silence ends nothing, so that whoever looks into tunnels waits.</remarks>
    public TunnelScope ScopeOf(Destination destination, UserName? user)
    {
        var wiring = Wiring;
        return !wiring.Scope.MayInclude(destination, user) ? TunnelScope.Outside
            : wiring.Scope.Includes(destination, serverName: null) || wiring.Settings.OnUnknown == Unopened.Reject ? TunnelScope.Inside
            : TunnelScope.ByName;
    }

    /// <inheritdoc/>
    public FirstWords Hear(Destination destination, ReadOnlyMemory<byte> said)
    {
        var wiring = Wiring;
        return FirstBytes.Tell(new ReadOnlySequence<byte>(said), wiring.Settings.MaxClientHello, out var hello) switch
        {
            Spoken.NeedMore when FirstBytes.MayBeTls(said.Span) => new FirstWords(TunnelScope.ByName, default, null),
            Spoken.Tls when wiring.Scope.Includes(destination, hello!.ServerName) => new FirstWords(TunnelScope.Inside, default, null),
            Spoken.Other => new FirstWords(TunnelScope.Outside, InterceptOutcome.OtherProtocol, null),
            _ => new FirstWords(TunnelScope.Outside, InterceptOutcome.OutOfScope, hello?.ServerName),
        };
    }

    /// <summary>Begins to look into the requests of a client that names a destination with each of them.</summary>
    public ForwardedExchanges Open(HttpConversation conversation) => new(conversation, () => Wiring);

    /// <summary>What serves the requests that are looked into, with another server's forwarder.</summary>
    public IHttpApplication<HttpContext> ExchangesBy(IHttpForwarder forwarder) => _application(forwarder);

    /// <inheritdoc/>
    public InterceptForecast? Foresee(Destination destination, UserName? user, IPAddress? client) =>
        Wiring is { Settings.Enabled: true } wiring ? new Foresight(wiring.Scope, wiring.Memory, Rules()).Of(destination, user, client) : null;

    /// <inheritdoc/>
    public async Task Carry(InterceptedTunnel tunnel)
    {
        try
        {
            await new TunnelCourse(tunnel, Wiring).RunAsync().ConfigureAwait(false);
            End(tunnel, cause: null);
        }
        catch (Exception cause)
        {
            if (!TunnelEnds.IsOfTheNetwork(cause))
            {
                tunnel.Note(InterceptOutcome.EngineFailed);
                Wiring.Report(cause);
            }

            End(tunnel, cause);
        }
    }

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await Wiring.Server.DisposeAsync().ConfigureAwait(false);
        _authority.Dispose();
    }

    private static void Report(Exception defect) => Console.Error.WriteLine($"akkasocks: interception: {defect}");

    // Where nothing may pass unseen silence says nothing yet: what is said late is looked into as well.
    private static Sniffer SnifferOf(MitmSettings settings) =>
        new(settings.OnUnknown == Unopened.Reject ? Timeout.InfiniteTimeSpan : settings.SniffTimeout, settings.MaxClientHello);

    // A reload can turn it off.
    private static InterceptScope ScopeOf(MitmSettings settings) =>
        new(settings.Enabled ? settings.Scope : settings.Scope with { Include = [] });

    private static IEnumerable<Series> CountByReason(ImmutableArray<Learned> learned) =>
        new[] { InterceptOutcome.Pinned, InterceptOutcome.ClientCertificate }
            .Select(reason => new Series([reason.ToLabel()], learned.Count(lesson => lesson.Reason == reason)));

    /// <summary>What is over already takes no notice.</summary>
    private static void End(InterceptedTunnel tunnel, Exception? cause)
    {
        tunnel.Client.Output.Complete(cause);
        tunnel.Client.Input.Complete();
        tunnel.Origin.Output.Complete(cause);
        tunnel.Origin.Input.Complete();
    }
}
