using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// Counts messages that found nobody (dead letters), and those that an actor did not want (unhandled). It hears of them by the event
/// stream and is no actor: it counts on the thread that lost the message.
/// </summary>
internal sealed class LostMessages : MinimalActorRef
{
    private readonly ConcurrentDictionary<Type, StrongBox<long>> _dead = new(), _unhandled = new();
    private readonly ActorSystem _system;

    /// <summary>Begins to count.</summary>
    public LostMessages(ActorSystem system)
    {
        _system = system;
        Path = new RootActorPath(Address.AllSystems) / "lost-messages";
        system.EventStream.Subscribe(this, typeof(AllDeadLetters));
    }

    /// <inheritdoc/>
    public override ActorPath Path { get; }

    /// <inheritdoc/>
    public override IActorRefProvider Provider => ((ExtendedActorSystem)_system).Provider;

    /// <summary>Dead letters by message.</summary>
    public IEnumerable<Series> DeadLetters => SeriesOf(_dead);

    /// <summary>Unhandled messages by message.</summary>
    public IEnumerable<Series> Unhandled => SeriesOf(_unhandled);

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is not AllDeadLetters lost)
            return;
        var counts = lost is UnhandledMessage ? _unhandled : _dead;
        var type = lost.Message.GetType();
        Interlocked.Increment(ref counts.GetOrAdd(ActorNames.IsOurs(type) ? type : typeof(object), static _ => new StrongBox<long>()).Value);
    }

    private static IEnumerable<Series> SeriesOf(ConcurrentDictionary<Type, StrongBox<long>> counts) =>
        counts.Select(count => new Series([ActorNames.OfMessage(count.Key)], Volatile.Read(ref count.Value.Value)));
}
