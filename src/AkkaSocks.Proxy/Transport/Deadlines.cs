using Akka.Actor;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// A lane's timers: a hashed wheel of 512 slots, 50 ms each, made for very many deadlines that are nearly always cancelled.
/// Arming and cancelling are a few pointer writes and allocate nothing; a deadline further away than one turn of the wheel is
/// looked at once per turn (25.6 s).
/// </summary>
/// <remarks>Safe from any thread: an uncontended lock costs about 20 ns, and on an event loop it never is contended.</remarks>
/// <param name="clock">A monotonic clock in milliseconds: <see cref="Now"/>, but for tests.</param>
internal sealed class Deadlines(Func<long> clock)
{
    /// <summary>Width of a slot: no deadline fires early, and at most this much late (plus the turn of the loop).</summary>
    public const int TickMilliseconds = 50;

    private const int Slots = 512;
    private readonly Deadline?[] _slots = new Deadline?[Slots];
    private readonly Lock _lock = new();
    private readonly List<Deadline> _due = [];
    private long _tick = clock() / TickMilliseconds;
    private int _armed;

    /// <summary>Milliseconds of a monotonic clock.</summary>
    public static long Now => Environment.TickCount64;

    /// <summary>True when nothing is armed, so that nobody needs to call <see cref="Advance"/>.</summary>
    public bool IsEmpty => Volatile.Read(ref _armed) == 0;

    /// <summary>Called after something was armed while the wheel was empty: whoever drives the wheel may be asleep.</summary>
    public Action? OnFirstArmed { get; set; }

    /// <summary>Fires what is due: each owner is told its message.</summary>
    public void Advance()
    {
        lock (_lock)
        {
            var target = clock() / TickMilliseconds;

            // After a long sleep one turn sees every slot; more turns would see them again.
            var first = Math.Max(_tick + 1, target - Slots + 1);
            for (var tick = first; tick <= target; tick++)
                CollectDue(tick);
            _tick = Math.Max(_tick, target);

            foreach (var deadline in _due)
                deadline.Fire();
            _due.Clear();
        }
    }

    internal void Arm(Deadline deadline, TimeSpan delay)
    {
        bool first;
        lock (_lock)
        {
            Unlink(deadline);

            // Rounded up, and never into the slot being emptied: late by a tick rather than early.
            var now = clock();
            if (_armed == 0)
                _tick = Math.Max(_tick, now / TickMilliseconds);
            deadline.DueTick = Math.Max((now + (long)delay.TotalMilliseconds) / TickMilliseconds, _tick) + 1;
            ref var head = ref _slots[deadline.DueTick % Slots];
            deadline.Next = head;
            if (head is not null)
                head.Previous = deadline;
            head = deadline;
            deadline.IsArmed = true;
            first = _armed++ == 0;
        }

        if (first)
            OnFirstArmed?.Invoke();
    }

    internal void Cancel(Deadline deadline)
    {
        lock (_lock)
            Unlink(deadline);
    }

    private void CollectDue(long tick)
    {
        var next = _slots[tick % Slots];
        while (next is { } deadline)
        {
            next = deadline.Next;
            if (deadline.DueTick > tick)
                continue;
            Unlink(deadline);
            _due.Add(deadline);
        }
    }

    private void Unlink(Deadline deadline)
    {
        if (!deadline.IsArmed)
            return;
        if (deadline.Previous is null)
            _slots[deadline.DueTick % Slots] = deadline.Next;
        else
            deadline.Previous.Next = deadline.Next;
        if (deadline.Next is not null)
            deadline.Next.Previous = deadline.Previous;
        deadline.Next = deadline.Previous = null;
        deadline.IsArmed = false;
        _armed--;
    }
}

/// <summary>One timer of an actor, armed and re-armed as its states change; at most one time is pending.</summary>
/// <param name="wheel">The lane's wheel.</param>
/// <param name="owner">Who is told.</param>
/// <param name="message">What it is told; the same object each time.</param>
internal sealed class Deadline(Deadlines wheel, IActorRef owner, object message)
{
    internal Deadline? Next, Previous;
    internal long DueTick;
    internal bool IsArmed;

    /// <summary>
    /// True from arming until the owner is told or the arming is cancelled. An owner that is told while this is true is told
    /// of an earlier arming, and too late.
    /// </summary>
    public bool IsPending => Volatile.Read(ref IsArmed);

    /// <summary>Tells the owner after <paramref name="delay"/>; an earlier arming is forgotten.</summary>
    public void Arm(TimeSpan delay) => wheel.Arm(this, delay);

    /// <summary>Forgets the arming. A message already told is still on its way.</summary>
    public void Cancel() => wheel.Cancel(this);

    internal void Fire() => owner.Tell(message, ActorRefs.NoSender);
}
