using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Mitm.Certificates;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Forwarding;
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
    private readonly InterceptWiring _wiring;

    /// <summary>Opens the authority; starts nothing yet.</summary>
    /// <param name="settings">The node's.</param>
    /// <param name="application">What serves the requests.</param>
    /// <exception cref="AuthorityUnavailableException">The authority cannot be used.</exception>
    public Interceptor(ProxySettings settings, Func<IHttpForwarder, IHttpApplication<HttpContext>> application)
    {
        var mitm = settings.Mitm;
        _authority = new LeafAuthority(AuthorityFiles.Open(mitm.Ca), mitm.LeafValidity);
        _wiring = new InterceptWiring
        {
            Settings = mitm,
            Scope = new InterceptScope(mitm.Scope),
            Sniffer = new Sniffer(mitm.SniffTimeout, mitm.MaxClientHello),
            OriginTls = new OriginTls(mitm.Origins),
            Leaves = new LeafCache(_authority, mitm.LeafCacheSize, TimeProvider.System),
            Memory = new PassThroughMemory(mitm.Pinning, TimeProvider.System),
            Server = new HandedServer(forwarder => new InterceptApplication(application(forwarder)), ExchangeLimits.Apply),
            Report = static defect => Console.Error.WriteLine($"akkasocks: interception: {defect}"),
        };
    }

    /// <summary>What is done to exchanges, for who asks what would be done.</summary>
    public RuleSet Rules { get; init; } = RuleSet.Empty;

    /// <summary>Who is passed through for now.</summary>
    public ImmutableArray<Learned> Learned => _wiring.Memory.All;

    /// <summary>Declares its figures.</summary>
    public void Declare(MetricSet metrics)
    {
        _wiring.Figures.Declare(metrics);
        metrics.Gauge(
            "akkasocks.mitm.engine.up",
            "{node}",
            "1 unless what looks into tunnels could not be started; it is started for the first of them, and tried again for each.",
            () => _wiring.Server.HasFailed ? 0 : 1);
        metrics.Gauge("akkasocks.mitm.leaves", "{certificate}", "Certificates that are kept for clients.", () => _wiring.Leaves.Count);
        metrics.Counter(
            "akkasocks.mitm.leaves.signed", "{certificate}", "Certificates that were signed for clients.", () => _wiring.Leaves.Signed);
        metrics.Gauge(
            "akkasocks.mitm.learned",
            "{pair}",
            "Clients and names that are passed through for now: the client has refused (pinned), or the origin wants a certificate.",
            ["reason"],
            () => CountByReason(_wiring.Memory.All));
    }

    /// <inheritdoc/>
    public bool IsInScope(Destination destination, UserName? user) => _wiring.Scope.MayInclude(destination, user);

    /// <inheritdoc/>
    public InterceptForecast Foresee(Destination destination, UserName? user, IPAddress? client) =>
        new Foresight(_wiring.Scope, _wiring.Memory, Rules).Of(destination, user, client);

    /// <inheritdoc/>
    public async Task Carry(InterceptedTunnel tunnel)
    {
        try
        {
            await new TunnelCourse(tunnel, _wiring).RunAsync().ConfigureAwait(false);
            End(tunnel, cause: null);
        }
        catch (Exception cause)
        {
            if (!TunnelEnds.IsOfTheNetwork(cause))
            {
                tunnel.Note(InterceptOutcome.EngineFailed);
                _wiring.Report(cause);
            }

            End(tunnel, cause);
        }
    }

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _wiring.Server.DisposeAsync().ConfigureAwait(false);
        _authority.Dispose();
    }

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
