using System.Collections.Concurrent;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// What the actors of one type on one dispatcher do: one object for all of them, so that an actor costs a reference. On an event
/// loop nearly all additions are the loop's own, and no other core wants the memory.
/// </summary>
/// <param name="name">The type, as <see cref="ActorNames"/> calls it.</param>
/// <param name="timingOf">Makes the histograms of a type of messages.</param>
internal sealed class ActorCounters(string name, Func<string, MessageTiming> timingOf)
{
    private readonly ConcurrentDictionary<Type, MessageTiming> _timings = new();
    private long _started, _stopped, _sent, _taken, _failed, _restarted;

    /// <summary>The type, as <see cref="ActorNames"/> calls it.</summary>
    public string Name => name;

    /// <summary>Actors that were started.</summary>
    public long Started => Volatile.Read(ref _started);

    /// <summary>Actors that have stopped.</summary>
    public long Stopped => Volatile.Read(ref _stopped);

    /// <summary>Messages put into their mailboxes.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Messages taken out of them.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Exceptions that an actor let out.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Actors that were started anew in the place of one that failed.</summary>
    public long Restarted => Volatile.Read(ref _restarted);

    /// <summary>Messages that waited in one mailbox at most.</summary>
    public Peak Deepest { get; } = new();

    /// <summary>An actor has got its mailbox.</summary>
    public void Start() => Interlocked.Increment(ref _started);

    /// <summary>An actor has lost its mailbox.</summary>
    public void Stop() => Interlocked.Increment(ref _stopped);

    /// <summary>A message was sent.</summary>
    /// <returns>How many there were before it, and it.</returns>
    public long Send() => Interlocked.Increment(ref _sent);

    /// <summary>A message was taken out.</summary>
    public void Take() => Interlocked.Increment(ref _taken);

    /// <summary>An actor let an exception out.</summary>
    /// <param name="message">The type of the message that it had been given; null when it failed as it started.</param>
    public void Fail(Type? message = null)
    {
        Interlocked.Increment(ref _failed);
        if (message is not null)
            TimingOf(message).Fail();
    }

    /// <summary>An actor was started anew.</summary>
    public void Restart() => Interlocked.Increment(ref _restarted);

    /// <summary>The times of a type of messages. For the few that are timed or fail.</summary>
    public MessageTiming TimingOf(Type message) =>
        _timings.TryGetValue(message, out var timing) ? timing
        : _timings.GetOrAdd(message, static (type, make) => make(ActorNames.OfMessage(type)), timingOf);
}
