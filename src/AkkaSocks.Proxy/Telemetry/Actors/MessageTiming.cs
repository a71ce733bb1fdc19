using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>How long messages of one type wait for actors of one type, and how long these handle them, or fail to.</summary>
/// <param name="actor">The receiver, as <see cref="ActorNames"/> calls it.</param>
/// <param name="message">The message, as <see cref="ActorNames"/> calls it.</param>
/// <param name="waiting">Gets the times in the mailbox.</param>
/// <param name="handling">Gets the times from the mailbox to the end of the actor's turn with it.</param>
internal sealed class MessageTiming(string actor, string message, Histogram waiting, Histogram handling)
{
    private long _failed;

    /// <summary>The receiver, as <see cref="ActorNames"/> calls it.</summary>
    public string Actor => actor;

    /// <summary>The message, as <see cref="ActorNames"/> calls it.</summary>
    public string Message => message;

    /// <summary>In the mailbox.</summary>
    public Histogram Waiting => waiting;

    /// <summary>From the mailbox to the end of the actor's turn with it.</summary>
    public Histogram Handling => handling;

    /// <summary>An actor let an exception out over such a message.</summary>
    public void Fail() => Interlocked.Increment(ref _failed);

    /// <summary>What was measured so far.</summary>
    public MessageReading Read() => new(actor, message, Volatile.Read(ref _failed), waiting.Read(), handling.Read());
}
