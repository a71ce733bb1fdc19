using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>An Akka dispatcher whose executor is an event loop: its actors run on the loop's thread, between socket events.</summary>
internal sealed class LoopDispatcher(MessageDispatcherConfigurator configurator, EventLoop loop) : MessageDispatcher(configurator)
{
    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run) => loop.Post(run);

    /// <summary>Nothing: Akka calls this when the last actor has gone, but another may come, and the loop is not its own.</summary>
    protected override void Shutdown()
    {
    }
}

/// <summary>How Akka's configuration names a <see cref="LoopDispatcher"/>; the loop itself comes by <see cref="EventLoopSetup"/>.</summary>
internal sealed class LoopDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly LoopDispatcher _dispatcher;

    /// <summary>Called by Akka.</summary>
    public LoopDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        var loops = prerequisites.Settings.Setup.Get<EventLoopSetup>().Value.Loops;
        _dispatcher = new LoopDispatcher(this, loops[config.GetInt("index")]);
    }

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher;

    /// <summary>The dispatcher's path in the configuration.</summary>
    public static string IdOf(int index) => $"akkasocks-loops.loop-{index}";

    /// <summary>The configuration that makes a dispatcher of each of <paramref name="count"/> loops.</summary>
    public static string Hocon(int count) => string.Concat(Enumerable.Range(0, count).Select(index => $$"""
        {{IdOf(index)}} {
          type = "{{typeof(LoopDispatcherConfigurator).AssemblyQualifiedName}}"
          index = {{index}}
          throughput = 64
          mailbox-type = "{{typeof(MeasuredMailbox).AssemblyQualifiedName}}"
          shutdown-timeout = 1s
        }

        """));
}

/// <summary>Carries the loops into an ActorSystem, so that there is no static and several systems can live in one process.</summary>
internal sealed class EventLoopSetup(IReadOnlyList<EventLoop> loops) : Setup
{
    /// <summary>The loops by index.</summary>
    public IReadOnlyList<EventLoop> Loops => loops;
}
