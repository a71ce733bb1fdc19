using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Feed;

public sealed class TappedSessionsTests
{
    private readonly SessionTap _tap = new() { IsOpen = true };

    [Fact]
    public void A_session_is_told_to_start_to_end_and_to_be_refused_with_why()
    {
        var record = Record(1);
        _tap.Started(record);
        record.End = SessionEnd.Killed;
        record.Termination = TerminationReason.UserRevoked;
        record.EndedAt = record.StartedAt + 1500;
        record.ClientToDestination = 3;
        _tap.Ended(record);
        var refused = Record(2);
        refused.End = SessionEnd.Refused;
        refused.Refusal = Refusal.OwnEndpoint;
        _tap.Ended(refused);

        var events = TappedSessions.Take(_tap, out var lost);

        Assert.Equal(0, lost);
        Assert.Equal([FeedKind.SessionStarted, FeedKind.SessionEnded, FeedKind.SessionRefused], events.Select(it => it.Kind));
        Assert.Equal(("killed", "user-revoked", 3, 1500), (events[1].End, events[1].Reason, events[1].Up, events[1].Duration.TotalMilliseconds));
        Assert.Equal(("refused", "own-endpoint"), (events[2].End, events[2].Reason));
        Assert.Null(events[0].End);
        Assert.InRange(events[0].At, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Of_too_much_the_latest_is_told_and_the_rest_counted()
    {
        for (var id = 1UL; id <= 5000; id++)
            _tap.Started(Record(id));

        var events = TappedSessions.Take(_tap, out var lost);

        Assert.Equal(5000, events.Length + lost);
        Assert.Equal(Enumerable.Range(5001 - events.Length, events.Length), events.Select(it => (int)it.Session!.Value.Value));
    }

    // Remoting drops what exceeds its frame of 128,000 bytes without a word.
    [Fact]
    public void However_long_the_names_are_it_fits_into_a_frame()
    {
        for (var id = 1UL; id <= 1000; id++)
        {
            var record = Record(id);
            record.User = UserName.FromText(new string('u', 255));
            _tap.Ended(record);
        }

        var events = TappedSessions.Take(_tap, out _);

        var message = new NodeEvents(new NodeIncarnation("akka://a", 1), "n", 0, events);
        var format = ClusterMessageSerializer.Formats.Single(it => it.Type == typeof(NodeEvents));
        Assert.InRange(format.Write(message).Length, 30_000, 128_000);
    }

    private static SessionRecord Record(ulong id) =>
        new(new SessionId(id), "main", new IPEndPoint(IPAddress.Loopback, 1), Environment.TickCount64);
}
