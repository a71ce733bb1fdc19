using System.Net;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Admin.Exchanges;
using AkkaSocks.Server.Admin.Logs;
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
    /// <param name="again">Reads the configuration once more.</param>
    public static IHost Create(LoadedSettings settings, AdminSocket? admin, Func<ConfigReading> again)
    {
        // No defaults: they would read appsettings.json and the environment, and write a log of their own.
        IHostApplicationBuilder builder = admin is null
            ? new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true })
            : AdminServer.NewBuilder(admin);
        var prepared = ProxyNode.Prepare(settings.Proxy);
        prepared.Config = ConfigReload.FirstOf(settings);
        var level = new LogLevelSwitch(settings.Proxy.Log.Level);
        var engines = new NodeEngines(settings.Proxy);
        engines.Equip(prepared);
        if (admin is not null)
            prepared.OwnEndpoints.Add(admin.Bound);
        builder.Services.AddAkka(ActorSystemName, akka =>
        {
            // Each goes before the one above it: what the operator wrote wins.
            akka.AddHocon(prepared.Hocon, HoconAddMode.Prepend);
            akka.AddHocon($"akka.loglevel = {LogLevelSwitch.Published(level.Level).StringFor()}", HoconAddMode.Prepend);
            akka.AddHocon(QuietLogger.Hocon, HoconAddMode.Prepend);
            akka.AddHocon(settings.AkkaHocon, HoconAddMode.Prepend);
            foreach (var setup in prepared.Setups)
                akka.AddSetup(setup);
            akka.AddSetup(level);
        });
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));

        // Before the node and so longer than it: the first session is recorded, and the last.
        if (settings.Proxy.Metrics.Otlp is { } otlp)
            builder.Services.AddHostedService(_ => new OtlpExport(otlp, settings.Proxy.NodeName));
        builder.Services.AddSingleton(services => new NodeLifetime(
            settings.Proxy,
            admin?.Bound,
            system =>
            {
                engines.Open(system);
                return prepared.StartAsync(system);
            },
            engines,
            services.GetRequiredService<ActorSystem>(),
            services.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeLifetime>());
        builder.Services.AddSingleton(level);
        builder.Services.AddSingleton(new AdminGuard(
            admin?.Bound.Address ?? IPAddress.Loopback,
            settings.Proxy.Admin,
            TimeProvider.System,
            settings.Proxy.Metrics.Prometheus == PrometheusAccess.Token ? MetricsEndpoint.Path : null));
        builder.Services.AddSingleton(services => ReloadOf(settings, again, engines, services));
        builder.Services.AddHostedService(
            services => new ReloadTriggers(services.GetRequiredService<ConfigReload>(), settings.Proxy.Config.Watch));
        return builder is WebApplicationBuilder web
            ? WithAdminApi(web.Build(), settings, prepared.Metrics, engines)
            : ((HostApplicationBuilder)builder).Build();
    }

    private static ConfigReload ReloadOf(
        LoadedSettings started, Func<ConfigReading> again, NodeEngines engines, IServiceProvider services)
    {
        var system = services.GetRequiredService<ActorSystem>();
        var node = services.GetRequiredService<NodeLifetime>();
        var log = Logging.GetLogger(system, typeof(ConfigReload));
        return new ConfigReload(again, started, () => node.Node, Prepare, log);

        Action Prepare(SettingsChange change)
        {
            var goByIt = engines.Prepare(change);
            return () =>
            {
                goByIt();
                services.GetRequiredService<AdminGuard>().Settings = change.Effective.Proxy.Admin;
                foreach (var warning in Greeting.Warnings(change))
                    log.Warning("{0}", warning);

                // Whoever has turned it by hand, for a look, keeps it so through reloads for other reasons.
                if (change.Applied.Contains("akkasocks.log.level"))
                    services.GetRequiredService<LogLevelSwitch>().Turn(change.Effective.Proxy.Log.Level, system);
            };
        }
    }

    private static WebApplication WithAdminApi(
        WebApplication app, LoadedSettings loaded, ProxyMetrics metrics, NodeEngines engines)
    {
        var settings = loaded.Proxy;
        var system = app.Services.GetRequiredService<ActorSystem>();
        var node = app.Services.GetRequiredService<NodeLifetime>();
        var log = Logging.GetLogger(system, typeof(AdminApi));
        var registry = new RegistryLink(system, () => node.Users) { Health = () => node.Node?.Health };
        var audit = OpenAudit(settings, log);
        var level = app.Services.GetRequiredService<LogLevelSwitch>();
        var reload = app.Services.GetRequiredService<ConfigReload>();
        AdminApi.Map(
            app,
            new AdminWiring
            {
                Guard = app.Services.GetRequiredService<AdminGuard>(),
                Registry = registry,
                Audit = audit,
                Log = log,
                Listeners = () => [.. node.Endpoints.Select(it => new ListenerDocument(it.Name, it.Bound.ToString()))],
                Besides =
                [
                    new ReloadEndpoints(reload.ReloadAsync, audit).Route,
                    new InterceptionEndpoints(() => engines.Settings, engines.Interceptor).Route,
                    new ExplainEndpoints(registry, () => node.Node?.Explainer, () => reload.Places, settings.NodeName).Route,
                    .. new LogLevelEndpoints(() => level.Level, to => level.Turn(to, system), audit).Routes,
                    .. new LogEndpoints(registry, app.Lifetime.ApplicationStopping).Routes,
                    .. new ExchangeEndpoints(
                        registry, () => engines.Settings.Exchanges.Capture.IsForReaders, app.Lifetime.ApplicationStopping).Routes,
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
