using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Feed;

/// <summary>Makes events of what a <see cref="SessionTap"/> holds, no more at once than a frame carries.</summary>
internal static class TappedSessions
{
    // Told every quarter of a second, that is a thousand a second of one node, which is more than anybody reads.
    private const int MostAtOnce = 256;

    // Half the frame of 128,000 bytes that remoting would drop without a word. The longest event is some 1,400 bytes.
    private const int MostBytes = 64_000;
    private const int BytesBesidesTexts = 128;

    /// <summary>Takes what happened.</summary>
    /// <param name="tap">Where it waits.</param>
    /// <param name="lost">How much was lost, and how much does not fit.</param>
    public static ImmutableArray<FeedEvent> Take(SessionTap tap, out long lost)
    {
        // Everything, so that what is told is what has just happened, and not what happened before what was lost.
        var tapped = tap.Take(int.MaxValue, out lost);
        var now = (Tick: Environment.TickCount64, Wall: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var events = new List<FeedEvent>();
        var bytes = 0;
        for (var i = tapped.Count - 1; i >= 0; i--)
        {
            if (events.Count == MostAtOnce || bytes > MostBytes)
            {
                lost += i + 1;
                break;
            }

            var happened = EventOf(tapped[i].Record, tapped[i].HasEnded, now.Wall - (now.Tick - tapped[i].At));
            bytes += BytesBesidesTexts + happened.Listener!.Length + (happened.User?.Bytes.Length ?? 0)
                + Encoding.UTF8.GetByteCount(happened.Destination ?? "");
            events.Add(happened);
        }

        events.Reverse();
        return [.. events];
    }

    private static FeedEvent EventOf(SessionRecord record, bool hasEnded, long at)
    {
        var started = new FeedEvent(FeedKind.SessionStarted, at)
        {
            Session = record.Id,
            Listener = record.Listener,
            Protocol = record.Protocol?.ToLabel(),
            User = record.User,
            Client = record.Client,
            Destination = record.RequestedAt == 0 ? null : record.Destination?.ToString(),
        };
        return !hasEnded ? started : started with
        {
            Kind = record.End == SessionEnd.Refused ? FeedKind.SessionRefused : FeedKind.SessionEnded,
            End = record.End.ToLabel(),
            Reason = record.Refusal != Refusal.None ? record.Refusal.ToLabel()
                : record.Termination is { } reason ? KebabCase.Of(reason.ToString())
                : null,
            Up = record.ClientToDestination,
            Down = record.DestinationToClient,
            Duration = TimeSpan.FromMilliseconds(record.EndedAt - record.StartedAt),
        };
    }
}
