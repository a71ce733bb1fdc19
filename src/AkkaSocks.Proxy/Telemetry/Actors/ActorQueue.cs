using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// One actor's messages: a ring that grows. Akka's default reserves 32 places, 1 KiB, for each actor; a session has two actors
/// that hardly ever have two messages waiting, so this one starts with four places. Measured: 2.6 KiB less per idle session.
/// </summary>
/// <remarks>Locked, since other threads send too; on a loop the lock is hardly ever contended. It locks itself: nobody else holds it,
/// and a lock of its own would be 40 bytes for each actor.</remarks>
/// <param name="counters">Those of the actor's type.</param>
internal abstract class ActorQueue(ActorCounters counters) : IMessageQueue, IUnboundedMessageQueueSemantics
{
    // Powers of two: places are found by masking.
    private const int FirstCapacity = 4, LargestKept = 64;

    private readonly int _bornAt = (int)(Environment.TickCount64 / 1000);
    private Envelope[]? _ring;
    private int _head, _count;

    /// <summary>Those of the actor's type.</summary>
    public ActorCounters Counters => counters;

    /// <summary>Since the actor was started, to the second.</summary>
    public TimeSpan Age => TimeSpan.FromSeconds((Environment.TickCount64 / 1000) - _bornAt);

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public abstract bool HasMessages { get; }

    /// <inheritdoc/>
    public abstract void Enqueue(IActorRef receiver, Envelope envelope);

    /// <inheritdoc/>
    public abstract bool TryDequeue(out Envelope envelope);

    /// <inheritdoc/>
    public abstract void CleanUp(IActorRef owner, IMessageQueue deadletters);

    /// <summary>Puts a message behind the others.</summary>
    /// <returns>How many wait now.</returns>
    protected int Put(in Envelope envelope)
    {
        lock (this)
        {
            _ring ??= new Envelope[FirstCapacity];
            if (_count == _ring.Length)
                Grow();
            _ring[(_head + _count) & (_ring.Length - 1)] = envelope;
            var waiting = _count + 1;
            Volatile.Write(ref _count, waiting);
            return waiting;
        }
    }

    /// <summary>Takes the oldest message out; false when there is none.</summary>
    protected bool TryTake(out Envelope envelope)
    {
        lock (this)
        {
            if (_count == 0)
            {
                envelope = default;
                return false;
            }

            envelope = _ring![_head];
            _ring[_head] = default;
            _head = (_head + 1) & (_ring.Length - 1);
            Volatile.Write(ref _count, _count - 1);
            if (_count == 0 && _ring.Length > LargestKept)
                (_ring, _head) = (null, 0);
            return true;
        }
    }

    private void Grow()
    {
        var larger = new Envelope[_ring!.Length * 2];
        for (var i = 0; i < _count; i++)
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        (_ring, _head) = (larger, 0);
    }
}
