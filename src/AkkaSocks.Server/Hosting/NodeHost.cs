using Akka.Hosting;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Hosting;

/// <summary>Wires settings, the actor system and the node into a host, which stops them in reverse order when a signal comes.</summary>
internal static class NodeHost
{
    private const string ActorSystemName = "akkasocks";

    /// <summary>A host that has not been started.</summary>
    public static IHost Create(LoadedSettings settings)
    {
        // No defaults: they would read appsettings.json and the environment, and write a log of their own.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var prepared = ProxyNode.Prepare(settings.Proxy);
        builder.Services.AddAkka(ActorSystemName, akka =>
        {
            // Each goes before the one above it: what the operator wrote wins.
            akka.AddHocon(prepared.Hocon, HoconAddMode.Prepend);
            akka.AddHocon($"akka.loglevel = {settings.Proxy.Log.Level}", HoconAddMode.Prepend);
            if (settings.Proxy.Log.Level != LogLevelSetting.Debug)
                akka.AddHocon(QuietLogger.Hocon, HoconAddMode.Prepend);
            akka.AddHocon(settings.AkkaHocon, HoconAddMode.Prepend);
            akka.AddSetup(prepared.Setup);
        });
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.AddHostedService(services => new NodeLifetime(
            settings.Proxy, prepared.StartAsync, services.GetRequiredService<Akka.Actor.ActorSystem>()));
        return builder.Build();
    }
}
