using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// The mailbox of every actor that does not ask for a special one, and the one place where actors are measured: it sees each of them
/// come and go, and every message, unless <c>metrics.actors</c> is off. Failures alone pass it by (<see cref="MeasuredActor"/>).
/// </summary>
internal sealed class MeasuredMailbox : MailboxType, IProducesMessageQueue<ActorQueue>
{
    private readonly ConcurrentDictionary<Type, ActorCounters> _counters = new();
    private readonly ActorMetrics _metrics;

    /// <summary>Called by Akka, once for each dispatcher that names it.</summary>
    public MeasuredMailbox(Akka.Actor.Settings settings, Config config)
        : base(settings, config)
    {
        var setup = settings.Setup.Get<ActorMetricsSetup>();
        _metrics = setup.HasValue ? setup.Value.Metrics : new ActorMetrics();
    }

    /// <summary>The configuration that makes it the mailbox of whatever runs on no event loop.</summary>
    public static readonly string Hocon = $"akka.actor.default-mailbox.mailbox-type = \"{typeof(MeasuredMailbox).AssemblyQualifiedName}\"\n";

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
    {
        var type = owner is ActorRefWithCell { Underlying: { } cell } ? cell.Props.Type : typeof(object);
        var counters = _counters.TryGetValue(type, out var known) ? known : _counters.GetOrAdd(type, Count);
        return _metrics.IsOn ? new MeasuredQueue(counters) : new UnmeasuredQueue(counters);
    }

    private ActorCounters Count(Type type) => _metrics.Add(ActorNames.OfActor(type));
}
