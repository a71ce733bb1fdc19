using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using AkkaSocks.Mitm.Forwarding;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Hosting;

/// <summary>Wires settings, the actor system and the node into a host, which stops them in reverse order when a signal comes.</summary>
internal static class NodeHost
{
    private const string ActorSystemName = "akkasocks";

    /// <summary>A host that has not been started.</summary>
    /// <param name="settings">What it runs with.</param>
    /// <param name="admin">Where the admin API is served; null for none.</param>
    public static IHost Create(LoadedSettings settings, AdminSocket? admin)
    {
        // No defaults: they would read appsettings.json and the environment, and write a log of their own.
        IHostApplicationBuilder builder = admin is null
            ? new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true })
            : AdminServer.NewBuilder(admin);
        var prepared = ProxyNode.Prepare(settings.Proxy);
        var forwarding = new HttpForwarding();
        prepared.HttpForwarding = forwarding;
        builder.Services.AddSingleton(_ => forwarding);
        if (admin is not null)
            prepared.OwnEndpoints.Add(admin.Bound);
        builder.Services.AddAkka(ActorSystemName, akka =>
        {
            // Each goes before the one above it: what the operator wrote wins.
            akka.AddHocon(prepared.Hocon, HoconAddMode.Prepend);
            akka.AddHocon($"akka.loglevel = {settings.Proxy.Log.Level}", HoconAddMode.Prepend);
            if (settings.Proxy.Log.Level != LogLevelSetting.Debug)
                akka.AddHocon(QuietLogger.Hocon, HoconAddMode.Prepend);
            akka.AddHocon(settings.AkkaHocon, HoconAddMode.Prepend);
            foreach (var setup in prepared.Setups)
                akka.AddSetup(setup);
        });
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);

        // For the drain, and then for what the host itself wants.
        builder.Services.Configure<HostOptions>(
            options => options.ShutdownTimeout = settings.Proxy.Cluster.DrainTimeout + TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(services => new NodeLifetime(
            settings.Proxy,
            admin?.Bound,
            prepared.StartAsync,
            services.GetRequiredService<ActorSystem>(),
            services.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeLifetime>());
        if (settings.Proxy.Metrics.Otlp is { } otlp)
            builder.Services.AddHostedService(_ => new OtlpExport(otlp, settings.Proxy.NodeName));
        return admin is not null && builder is WebApplicationBuilder web
            ? WithAdminApi(web.Build(), admin, settings, prepared.Metrics)
            : ((HostApplicationBuilder)builder).Build();
    }

    private static WebApplication WithAdminApi(WebApplication app, AdminSocket socket, LoadedSettings loaded, ProxyMetrics metrics)
    {
        var settings = loaded.Proxy;
        var system = app.Services.GetRequiredService<ActorSystem>();
        var node = app.Services.GetRequiredService<NodeLifetime>();
        var log = Logging.GetLogger(system, typeof(AdminApi));
        var registry = new RegistryLink(system, () => node.Users) { Health = () => node.Node?.Health };
        AdminApi.Map(
            app,
            new AdminWiring
            {
                Guard = new AdminGuard(
                    socket.Bound.Address,
                    settings.Admin,
                    TimeProvider.System,
                    settings.Metrics.Prometheus == PrometheusAccess.Token ? MetricsEndpoint.Path : null),
                Registry = registry,
                Audit = OpenAudit(settings, log),
                Log = log,
                Listeners = () => [.. node.Endpoints.Select(it => new ListenerDocument(it.Name, it.Bound.ToString()))],
                Besides =
                [
                    new ExplainEndpoints(registry, () => node.Node?.Explainer, () => loaded.Places, settings.NodeName).Route,
                    .. MetricsEndpoint.RoutesOf(settings.Metrics, metrics),
                ],
            });
        return app;
    }

    private static AuditLog OpenAudit(ProxySettings settings, ILoggingAdapter log)
    {
        try
        {
            return new AuditLog(settings.Log.AuditFile, settings.NodeName, log, TimeProvider.System);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new AuditUnavailableException(settings.Log.AuditFile, cause);
        }
    }
}
