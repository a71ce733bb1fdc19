using System.Net;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Tests.Telemetry;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

public sealed class LiveSessionsTests
{
    private readonly LiveSessions _sessions = new(2);

    [Fact]
    public void All_are_found_on_every_lane()
    {
        var added = Enumerable.Range(0, 1000).Select(i => Add(i % 2)).ToHashSet();
        Assert.Equal(added, _sessions.All().ToHashSet());
        Assert.Equal(1000, _sessions.Count);
    }

    [Fact]
    public async Task Who_stays_is_always_found_once_however_many_come_and_go_meanwhile()
    {
        var staying = Enumerable.Range(0, 3000).Select(i => Add(i % 2)).ToList();
        var stop = false;
        var churn = Enumerable.Range(0, 2).Select(lane => Task.Run(() =>
        {
            var random = new Random(lane);
            var passing = new List<LiveSession>();
            while (!Volatile.Read(ref stop))
            {
                passing.Add(Add(lane));
                if (passing.Count < 500)
                    continue;
                var gone = random.Next(passing.Count);
                _sessions.Remove(lane, passing[gone]);
                passing.RemoveAt(gone);
            }
        })).ToArray();
        for (var i = 0; i < 200; i++)
        {
            var found = _sessions.All();
            Assert.Equal(found.Count, found.Distinct().Count());
            Assert.Empty(staying.Except(found));
        }

        Volatile.Write(ref stop, true);
        await Task.WhenAll(churn);
        Assert.Equal(_sessions.Count, _sessions.All().Count);
    }

    private LiveSession Add(int lane) => _sessions.Add(lane, ActorRefs.Nobody, TestRecord.Silent());

    [Fact]
    public void Whatever_comes_and_goes_those_that_came_and_did_not_go_are_there() =>
        Gen.Int[-100, 100].Array[0, 200].Sample(steps =>
        {
            var live = new LiveSessions(3);
            var expected = new List<(int Lane, LiveSession Session)>();
            var id = 0UL;
            foreach (var step in steps)
            {
                if (step >= 0 || expected.Count == 0)
                {
                    var lane = Math.Abs(step) % 3;
                    expected.Add((lane, live.Add(lane, ActorRefs.Nobody, Record(++id))));
                }
                else
                {
                    var (lane, gone) = expected[-step % expected.Count];
                    live.Remove(lane, gone);
                    expected.RemoveAt(-step % expected.Count);
                }

                Assert.Equal(expected.Count, live.Count);
            }

            Assert.Equal(expected.Select(it => it.Session.Id.Value).Order(), live.All().Select(session => session.Id.Value).Order());
        });

    private static SessionRecord Record(ulong id) => new(new SessionId(id), "main", new IPEndPoint(IPAddress.Loopback, 1), 0);
}
