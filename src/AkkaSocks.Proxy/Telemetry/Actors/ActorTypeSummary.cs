namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>All actors of one type together.</summary>
/// <param name="Name">The type, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Live">Those that live.</param>
/// <param name="Started">Those that were started.</param>
/// <param name="Failed">Exceptions they let out.</param>
/// <param name="Restarted">Those that were started anew.</param>
/// <param name="Messages">Messages taken out of their mailboxes.</param>
/// <param name="Waiting">Messages that wait in them.</param>
/// <param name="Peak">Messages that waited in one of them at most, of late.</param>
internal sealed record ActorTypeSummary(
    string Name, long Live, long Started, long Failed, long Restarted, long Messages, long Waiting, long Peak)
{
    /// <summary>Messages whose handling was timed, one in 64.</summary>
    public long Timed { get; init; }

    /// <summary>How long these took together, in seconds.</summary>
    public double HandlingSeconds { get; init; }

    /// <summary>How long these had waited together, in seconds.</summary>
    public double WaitingSeconds { get; init; }

    /// <summary>Messages taken per second, of late; null when that has not been measured yet.</summary>
    public double? PerSecond { get; init; }

    /// <summary>How long a message takes; null when none was timed.</summary>
    public TimeSpan? MeanHandling => Timed == 0 ? null : TimeSpan.FromSeconds(HandlingSeconds / Timed);

    /// <summary>How long a message waits; null when none was timed.</summary>
    public TimeSpan? MeanWaiting => Timed == 0 ? null : TimeSpan.FromSeconds(WaitingSeconds / Timed);

    /// <summary>With what was timed.</summary>
    public ActorTypeSummary With(IEnumerable<MessageTiming> timings)
    {
        var (timed, handling, waiting) = (0L, 0.0, 0.0);
        foreach (var timing in timings)
        {
            var handled = timing.Handling.Read();
            timed += handled.Count;
            handling += handled.Sum;
            waiting += timing.Waiting.Read().Sum;
        }

        return this with { Timed = timed, HandlingSeconds = handling, WaitingSeconds = waiting };
    }

    /// <summary>What was done since an earlier reading: the rate and, where any was timed since, the times.</summary>
    /// <param name="earlier">The reading.</param>
    /// <param name="ago">How long ago it was.</param>
    public ActorTypeSummary Since(ActorTypeSummary earlier, TimeSpan ago)
    {
        var rated = this with { PerSecond = Math.Max(0, Messages - earlier.Messages) / ago.TotalSeconds };
        return Timed <= earlier.Timed ? rated : rated with
        {
            Timed = Timed - earlier.Timed,
            HandlingSeconds = HandlingSeconds - earlier.HandlingSeconds,
            WaitingSeconds = WaitingSeconds - earlier.WaitingSeconds,
        };
    }
}
