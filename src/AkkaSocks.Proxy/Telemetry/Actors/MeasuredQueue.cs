using System.Diagnostics;
using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>One actor's messages, counted. Every 64th message of a type of actors is timed.</summary>
/// <remarks>A timed message waits in a <see cref="Timed"/>, and its handling lasts until the same thread comes back for the next
/// message, or asks whether there is one, or buries the actor; Akka does one of these after each message.</remarks>
internal sealed class MeasuredQueue : ActorQueue
{
    /// <summary>Of so many messages to a type of actors one is timed.</summary>
    public const int TimeEvery = 64;

    [ThreadStatic] private static Timed? t_handled;

    /// <summary>An actor begins.</summary>
    /// <param name="counters">Those of its type.</param>
    public MeasuredQueue(ActorCounters counters)
        : base(counters) => counters.Start();

    // A message on its way, with what is measured of it.
    private sealed class Timed(object message, long sentAt)
    {
        public object Message => message;

        public long SentAt => sentAt;

        public long TakenAt { get; set; }

        public MeasuredQueue? TakenFrom { get; set; }
    }

    /// <inheritdoc/>
    public override bool HasMessages
    {
        get
        {
            EndHandling();
            return Count > 0;
        }
    }

    /// <inheritdoc/>
    public override void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (Counters.Send() % TimeEvery == 0)
            envelope = new Envelope(new Timed(envelope.Message, Stopwatch.GetTimestamp()), envelope.Sender);
        Counters.Deepest.Note(Put(envelope));
    }

    /// <inheritdoc/>
    public override bool TryDequeue(out Envelope envelope)
    {
        EndHandling();
        if (!TryTake(out envelope))
            return false;
        Counters.Take();
        if (envelope.Message is Timed timed)
        {
            envelope = new Envelope(timed.Message, envelope.Sender);
            timed.TakenAt = Stopwatch.GetTimestamp();
            timed.TakenFrom = this;
            t_handled = timed;
        }

        return true;
    }

    /// <inheritdoc/>
    public override void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        EndHandling();
        while (TryTake(out var envelope))
        {
            Counters.Take();
            deadletters.Enqueue(owner, envelope.Message is Timed timed ? new Envelope(timed.Message, envelope.Sender) : envelope);
        }

        Counters.Stop();
    }

    private void EndHandling()
    {
        if (t_handled is not { } handled)
            return;

        // Another actor's was left behind by a dispatcher that changed threads: nobody knows when it ended.
        t_handled = null;
        if (handled.TakenFrom != this)
            return;
        var timing = Counters.TimingOf(handled.Message.GetType());
        timing.Waiting.Observe(handled.SentAt, handled.TakenAt);
        timing.Handling.Observe(handled.TakenAt, Stopwatch.GetTimestamp());
    }
}
