using System.Diagnostics;
using System.Net;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Telemetry;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

public sealed class SessionListingTests
{
    private static readonly Gen<SessionOrder> Orders =
        Gen.Select(Gen.Enum<SessionKey>(), Gen.Bool, (by, isDescending) => new SessionOrder(by, isDescending));

    // Nodes give what they like of their sessions; whoever turns the pages sees each session once, in order, and none is missed.
    [Fact]
    public void Page_by_page_every_session_of_every_node_comes_once_and_in_order() =>
        Gen.Select(Gen.Long[0, 3].Array[0, 40], Gen.Int[1, 5], Gen.Int[1, 6], Gen.Int[1, 6], Orders).Sample((bytes, nodes, count, fits, order) =>
        {
            var live = Enumerable.Range(0, nodes).Select(_ => new LiveSessions(2)).ToArray();
            for (var i = 0; i < bytes.Length; i++)
                Add(live[i * 7 % 5 % nodes], (ulong)i + 1, up: bytes[i], down: bytes[i] * i % 3);
            var seen = new List<SessionView>();
            AuthRegistry.SessionPage page;
            do
            {
                SessionPlace? after = seen.Count == 0 ? null : order.PlaceOf(seen[^1]);
                var question = new AuthRegistry.GetSessions(SessionFilter.Any, order, after, Math.Min(count, fits));
                page = SessionListing.Merge(
                    [.. live.Select((sessions, node) => SessionListing.PageOf(sessions, $"n{node}", question, 0))], order, count, []);
                Assert.Equal(bytes.Length, page.Total);
                seen.AddRange(page.Items);
            }
            while (page.HasMore);

            Assert.Equal(Enumerable.Range(1, bytes.Length), seen.Select(session => (int)session.Id.Value).Order());
            Assert.Equal(seen.Select(order.PlaceOf).Order(order), seen.Select(order.PlaceOf));
        });

    [Theory]
    [InlineData("alice", true)]
    [InlineData("ALICE", true)]
    [InlineData("192.0.2.7:4711", true)]
    [InlineData("example", true)]
    [InlineData(":443", true)]
    [InlineData("main", true)]
    [InlineData("n1", true)]
    [InlineData("0000000000005", true)]
    [InlineData("bob", false)]
    public void A_text_is_looked_for_in_all_that_is_shown(string text, bool isFound) => AssertFound(SessionFilter.Any with { Text = text }, isFound);

    [Theory]
    [InlineData("www.example.com", true)]
    [InlineData("WWW.example.com:443", true)]
    [InlineData("www.example.com:44", false)]
    [InlineData("www.example.co", false)]
    [InlineData("example.com", false)]
    public void A_destination_is_a_host_or_a_host_and_port(string destination, bool isFound) =>
        AssertFound(SessionFilter.Any with { Destination = destination }, isFound);

    [Fact]
    public void Each_filter_alone_keeps_others_out()
    {
        AssertFound(SessionFilter.Any with { User = UserName.FromText("alice") }, true);
        AssertFound(SessionFilter.Any with { User = UserName.FromText("bob") }, false);
        AssertFound(SessionFilter.Any with { Client = IPAddress.Parse("192.0.2.7") }, true);
        AssertFound(SessionFilter.Any with { Client = IPAddress.Parse("192.0.2.8") }, false);
        AssertFound(SessionFilter.Any with { Node = "n1" }, true);
        AssertFound(SessionFilter.Any with { Node = "n2" }, false);
        AssertFound(SessionFilter.Any with { Listener = "main" }, true);
        AssertFound(SessionFilter.Any with { Listener = "other" }, false);
        AssertFound(SessionFilter.Any with { Protocol = "socks5" }, true);
        AssertFound(SessionFilter.Any with { Protocol = "http" }, false);
    }

    [Fact]
    public void A_page_is_bounded_by_bytes_as_well()
    {
        var live = new LiveSessions(1);
        for (var i = 1UL; i <= 1000; i++)
            Add(live, i, user: new string('u', 255), destination: new string('d', 60) + ".example");

        var page = SessionListing.PageOf(live, "n", new AuthRegistry.GetSessions(SessionFilter.Any, default, null, 1000), 0);

        Assert.InRange(page.Items.Length, 50, 200);
        Assert.Equal((true, 1000), (page.HasMore, page.Total));
    }

    // The registry must not stop for it, nor the event loops: what is long is done beside them, and is still no second.
    [Fact]
    public void Of_a_hundred_thousand_sessions_a_page_comes_in_less_than_a_second()
    {
        var live = new LiveSessions(2);
        for (var i = 1UL; i <= 100_000; i++)
            Add(live, i, up: (long)(i * 7919 % 100_003), user: $"user{i % 1000}", destination: $"host{i}.example");
        var question = new AuthRegistry.GetSessions(
            SessionFilter.Any with { Text = "user7" }, new SessionOrder(SessionKey.Bytes, IsDescending: true), null, 100);
        SessionListing.PageOf(live, "n", question, 0);

        var since = Stopwatch.GetTimestamp();
        var page = SessionListing.PageOf(live, "n", question, 0);

        Assert.Equal((100, 11_100), (page.Items.Length, page.Total));
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 1);
    }

    private static void AssertFound(SessionFilter filter, bool isFound)
    {
        var live = new LiveSessions(1);
        Add(live, 5, user: "alice", destination: "www.example.com");

        Assert.Equal(isFound ? 1 : 0, SessionListing.PageOf(live, "n1", new AuthRegistry.GetSessions(filter, default, null, 10), 0).Total);
    }

    private static void Add(LiveSessions live, ulong id, long up = 0, long down = 0, string? user = null, string? destination = null)
    {
        var record = new SessionRecord(new SessionId(id), "main", IPEndPoint.Parse("192.0.2.7:4711"), startedAt: 1000 + (long)(id * 31 % 17))
        {
            Protocol = ClientProtocol.Socks5,
            ClientToDestination = up,
            DestinationToClient = down,
        };
        if (destination is not null && Destination.TryOfName(System.Text.Encoding.ASCII.GetBytes(destination), 443, out var named))
            (record.Destination, record.RequestedAt) = (named, 1);
        var session = live.Add(0, ActorRefs.Nobody, record);
        if (user is not null)
            session.AdmittedAs = new UserRecord { Name = UserName.FromText(user), Password = "" };
    }
}
