namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>What messages of one type cost actors of one type. Times are those of late, or since the start where none was timed of late.
/// </summary>
/// <param name="Actor">The receiver, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Message">The message, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Handled">How many there were since the start of the node: each one that was timed stands for 64.</param>
/// <param name="Failed">Exceptions that they caused since then; each is counted.</param>
/// <param name="Timed">How many messages the times are taken from.</param>
internal sealed record MessageProfile(string Actor, string Message, long Handled, long Failed, long Timed)
{
    /// <summary>Those handled per second of late; null when that has not been measured yet.</summary>
    public double? PerSecond { get; init; }

    /// <summary>The share of one core that handling them took of late; null when that has not been measured yet.</summary>
    public double? Busy { get; init; }

    /// <summary>Times in the mailbox.</summary>
    public MessageTimes Waiting { get; init; }

    /// <summary>Times the actor took.</summary>
    public MessageTimes Handling { get; init; }

    /// <summary>The profile that a reading shows.</summary>
    /// <param name="now">The reading.</param>
    /// <param name="earlier">An earlier one; null when there is none.</param>
    /// <param name="ago">How long before it was taken; null when nothing was read before.</param>
    public static MessageProfile Of(MessageReading now, MessageReading? earlier, TimeSpan? ago)
    {
        var (waiting, handling) = earlier is null
            ? (now.Waiting, now.Handling)
            : (now.Waiting.Since(earlier.Waiting), now.Handling.Since(earlier.Handling));
        var rated = new MessageProfile(now.Actor, now.Message, now.Handling.Count * MeasuredQueue.TimeEvery, now.Failed, handling.Count)
        {
            PerSecond = handling.Count * MeasuredQueue.TimeEvery / ago?.TotalSeconds,
            Busy = handling.Sum * MeasuredQueue.TimeEvery / ago?.TotalSeconds,
        };
        if (handling.Count == 0)
            (waiting, handling) = (now.Waiting, now.Handling);
        return rated with { Timed = handling.Count, Waiting = MessageTimes.Of(waiting), Handling = MessageTimes.Of(handling) };
    }
}
