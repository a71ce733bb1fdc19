using System.Net;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

public sealed class LiveSessionsTests
{
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
